import { describe, expect, it } from '@jest/globals';
import { openClassifier } from './classify.js';
import { NotANomenclature, officialSource, readCsv, readOfficial } from './official.js';

const read = (text: string) => {
  const faults: string[] = [];
  const rows = readOfficial(text, (line, what) => faults.push(`${line}: ${what}`));
  return { rows, faults };
};

describe('reading a nomenclature', () => {
  it('takes the columns it knows, wherever they stand', () => {
    const { rows, faults } = read('level,description_zh,code,description_en\r\n4,"茶, 绿茶",09.02,"Tea, ""green"" or\nblack"\r\n');
    expect(faults).toEqual([]);
    expect(rows).toEqual([{ code: '0902', descriptionEn: 'Tea, "green" or\nblack', descriptionZh: '茶, 绿茶' }]);
  });

  it('reports rows it cannot read by their line, and reads the others', () => {
    const { rows, faults } = read('code,description_en\nTOTAL,All\n0902,Tea\n0903,\n0902,Tea again\n99,National use\n090210,"Green\ntea"\n12345,odd\n');
    expect(rows.map(({ code }) => code)).toEqual(['0902', '090210']);
    expect(faults).toEqual([
      '2: "TOTAL" is not an HS code of 2, 4 or 6 digits',
      '4: 0903 has no description',
      '5: 0902 twice',
      '6: "99" is not an HS code of 2, 4 or 6 digits',
      '9: "12345" is not an HS code of 2, 4 or 6 digits',
    ]);
  });

  it('refuses a file that is none', () => {
    expect(() => read('term,hs6\nabalone,030781\n')).toThrow(NotANomenclature);
    expect(() => read('')).toThrow(NotANomenclature);
  });

  it('splits records at line ends outside quotes only', () => {
    expect([...readCsv('\uFEFFa,b\n"1\n2",3\n\n4,5')]).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['1\n2', '3'] },
      { line: 5, fields: ['4', '5'] },
    ]);
  });
});

describe('an imported nomenclature', () => {
  const rows = [{ code: '9202', descriptionEn: 'Zorblophones; and other instruments\n0902', descriptionZh: '左布罗琴；其他' }];

  it('adds words, and replaces none', () => {
    const before = openClassifier();
    const after = openClassifier(rows);
    expect(before.classify('zorblophones').hs).toEqual([]);
    expect(after.classify('zorblophones').hs[0]?.code).toBe('9202');
    expect(after.classify('左布罗琴').hs[0]?.code).toBe('9202');
    for (const text of ['dried red chillies', 'ثابت سرخ مرچ', 'guitar']) expect(after.classify(text).hs[0]?.code).toBe(before.classify(text).hs[0]?.code);
  });

  it('cannot bring in lines of its own', () => {
    expect(officialSource(rows).text).toBe('9202\nen: Zorblophones, and other instruments 0902\nzh: 左布罗琴,其他');
  });
});
