import { describe, expect, it } from '@jest/globals';
import { shorterEncoding } from './encoding.js';

describe('how a text travels', () => {
  it('is quoted-printable for Latin text and base64 for other letters, whichever is shorter', () => {
    expect(shorterEncoding('Dried whole red chillies. '.repeat(50)).encoding).toBe('quoted-printable');
    expect(shorterEncoding('ثابت خشک سرخ مرچ '.repeat(50)).encoding).toBe('base64');
    expect(shorterEncoding('整干红辣椒'.repeat(50)).encoding).toBe('base64');
  });

  it('is about as long as foretold', () => {
    const text = 'ثابت خشک سرخ مرچ\n'.repeat(200);
    const real = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n').length;
    expect(Math.abs(shorterEncoding(text).bytes - real) / real).toBeLessThan(0.01);
  });
});
