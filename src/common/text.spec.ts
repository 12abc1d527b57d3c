import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faults } from '../../test/support/faults.js';
import { parse } from './errors.js';
import { email, emptyIsMissing, line, optionalLine, phone, prose, tidy } from './text.js';

describe('tidy', () => {
  it('joins spaces, keeps lines, and allows one empty line between paragraphs', () => {
    expect(tidy('  red\t\u00a0 chillies \r\n  sun-dried\n\n\n\nKunri ')).toBe('red chillies\nsun-dried\n\nKunri');
  });

  it('writes composed letters: the same name typed two ways is the same', () => {
    expect(tidy('Jose\u0301')).toBe('José');
    expect(tidy('\u0627\u0653م')).toBe('آم');
  });

  it('strips every character that turns direction, and leaves the joiners that Urdu needs', () => {
    const controls = '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c';
    expect(
      tidy(
        Array.from(controls)
          .map((c) => `چوڑی${c}`)
          .join(''),
      ),
    ).toBe('چوڑی'.repeat(controls.length));
    expect(tidy('بے\u200cروزگار')).toBe('بے\u200cروزگار');
  });

  it('leaves no control character, no double space and no outer space of any text', () => {
    const nasty = fc.array(
      fc.constantFrom('a', 'ی', '中', ' ', '\n', '\r', '\t', '\u0000', '\u0007', '\u001b', '\u007f', '\u202e', '\u2067', '\u00a0', '\u3000'),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const text = tidy(parts.join(''));
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]| {2}|^\s|\s$|\n{3}/);
        expect(tidy(text)).toBe(text);
      }),
    );
  });
});

describe('a line', () => {
  it('may be a Chinese name of two characters, or of one', () => {
    expect(parse(line(80), '王伟')).toBe('王伟');
    expect(parse(line(80), ' 李 ')).toBe('李');
  });

  it.each(['', '   ', '\u200e\u200f'])('is not empty: %j', (text) => {
    expect(faults(line(80), text)).toEqual(['body required']);
  });

  it('is one line only', () => {
    expect(faults(line(80), 'red\nchillies')).toEqual(['body one-line']);
  });

  it('may be exactly as long as it may be, measured after tidying', () => {
    expect(parse(line(5), '  seven  ')).toBe('seven');
    expect(() => parse(line(5), 'eleven')).toThrow(expect.objectContaining({ issues: [{ field: 'body', reason: 'too-long', values: { max: 5 } }] }));
    expect(faults(line(5), 'x'.repeat(10_000))).toEqual(['body too-long']);
  });

  it.each(['42101-1234567-1', 'my CNIC is 42101-1234567-1.', '۴۲۱۰۱-۱۲۳۴۵۶۷-۱', 'شناختی کارڈ ۴۲۱۰۱-1234567-۱'])('never holds a CNIC: %s', (text) => {
    expect(faults(line(80), text)).toEqual(['body no-cnic']);
    expect(faults(prose(80), text)).toEqual(['body no-cnic']);
  });

  it.each(['022-2781234', '+92-300-1234567', '142101-1234567-1', '42101-1234567-12', '2026-11-24', 'HS 0904.21-7018.10'])(
    'may hold other numbers: %s',
    (text) => {
      expect(parse(line(80), text)).toBe(text);
    },
  );

  it.each(['<b>bold</b>', '</p>', '<!-- x', '<!doctype html>', 'x<IMG src=x onerror=alert(1)>'])('never holds HTML: %s', (text) => {
    expect(faults(line(80), text)).toEqual(['body no-html']);
  });

  it.each(['moisture < 12 %', 'AT&T', '5 <6> 7', 'chillies <3', '"quoted" & \'so\''])('may hold the same characters as text: %s', (text) => {
    expect(parse(line(80), text)).toBe(text);
  });

  it('hides neither a CNIC nor HTML behind characters that are stripped', () => {
    expect(faults(line(80), '42101\u200e-1234567\u202c-1')).toEqual(['body no-cnic']);
    expect(faults(line(80), '<\u202eb>')).toEqual(['body no-html']);
  });
});

describe('prose', () => {
  it('may be empty and may have lines', () => {
    expect(parse(prose(80), ' ')).toBe('');
    expect(parse(prose(80), 'one\ntwo')).toBe('one\ntwo');
  });
});

describe('an optional line', () => {
  it('counts as not given when the field of the form was left empty', () => {
    for (const empty of ['', '  ', undefined]) expect(parse(optionalLine(80), empty)).toBeUndefined();
    expect(parse(optionalLine(80), ' Kotri ')).toBe('Kotri');
    expect(emptyIsMissing(0)).toBe(0);
  });
});

describe('a mail address', () => {
  it('is kept in lower case, without spaces and direction marks around it', () => {
    expect(parse(email, ' \u200eSalma@Bangle-Lane.Example ')).toBe('salma@bangle-lane.example');
  });

  it.each([
    '',
    'salma',
    'salma@',
    '@lane.example',
    'Salma <salma@lane.example>',
    'a@lane.example, b@lane.example',
    'a b@lane.example',
    'a@lane.example\nbcc: b@lane.example',
  ])('is one mailbox only: %j', (text) => {
    expect(faults(email, text)).toEqual(['body not-an-email']);
  });

  it('is at most 254 characters', () => {
    expect(faults(email, `a@${'long.'.repeat(60)}example`)).toEqual(['body too-long']);
  });
});

describe('a telephone number', () => {
  it.each([
    ['+92 22 2781234', '+92222781234'],
    ['0300-1234567', '+923001234567'],
    ['(022) 278 1234', '+92222781234'],
    ['0086 138 0013 8000', '+8613800138000'],
    ['\u200e+86-138-0013-8000', '+8613800138000'],
  ])('%s is kept in E.164 as %s', (written, kept) => {
    expect(parse(phone, written)).toBe(kept);
  });

  it.each(['2781234', '+0 22 2781234', '+92', 'call me', '+92222781234 ext 5', `+${'9'.repeat(16)}`])('%s is none', (written) => {
    expect(faults(phone, written)).toEqual(['body not-a-phone']);
  });

  it('may be left out', () => {
    for (const empty of ['', '  ', undefined]) expect(parse(phone, empty)).toBeUndefined();
  });
});

describe('what looks different and is the same', () => {
  it.each(['۰۳۰۰ ۱۲۳۴۵۶۷', '0300-1234567', '+92 300 1234567', '0092 300 1234567'])('%s is one telephone number', (written) => {
    expect(phone.parse(written)).toBe('+923001234567');
  });

  it.each(['42101-1234567-1', '42101–1234567–1', '۴۲۱۰۱-۱۲۳۴۵۶۷-۱', '٤٢١٠١-١٢٣٤٥٦٧-١', '42101 1234567 1'])('%s is a CNIC', (written) => {
    expect(line(80).safeParse(`call me, ${written}`).success).toBe(false);
  });

  it('a telephone number that is no text is refused, not dropped', () => {
    expect(phone.safeParse(923001234567).success).toBe(false);
  });

  it.each(['\u200e', '\u200b\u2060', '\u3164'])('an optional line of unseen characters only is not given', (unseen) => {
    expect(optionalLine(80).parse(unseen)).toBeUndefined();
    expect(line(80).safeParse(unseen).success).toBe(false);
  });
});
