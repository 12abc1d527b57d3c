import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { item } from '../../test/support/digest.js';
import { LANGUAGES } from '../language/language.js';
import { calendarOf } from './calendar.js';

const publishedAt = new Date('2026-11-24T03:00:00Z');
const file = (over: Parameters<typeof item>[0] = {}, language: (typeof LANGUAGES)[number] = 'en') =>
  calendarOf(language, { ...item(over), publishedAt }, 'https://rabta.example', 'rabta.example');
const lines = (text: string) => text.replace(/\r\n[ \t]/g, '').split('\r\n');

describe('a calendar file', () => {
  it('is one whole day in any zone, with a reminder, under a UID that stays', () => {
    expect(lines(file())).toEqual(
      expect.arrayContaining([
        'UID:RB-0001@rabta.example',
        'SEQUENCE:1',
        'DTSTAMP:20261124T030000Z',
        'DTSTART;VALUE=DATE:20261231',
        'DTEND;VALUE=DATE:20270101',
        'SUMMARY:Last day: Dried whole red chillies',
        'TRIGGER:-P3D',
      ]),
    );
    expect(file()).toBe(file());
    expect(lines(file({ kind: 'expo_place' }))).toContain('SUMMARY:Last day to ask for an expo place: Dried whole red chillies');
    for (const language of LANGUAGES) expect(file({}, language)).toContain('RB-0001@rabta.example');
  });

  it('stays one event whatever people wrote', () => {
    const pieces = fc.array(fc.constantFrom('\r\n', '\n', '\r', '\\', ';', ',', '"', ':', 'END:VEVENT', 'ATTACH:http://x', 'مرچ', '辣', ' '), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(pieces, (parts) => {
        const wild = `x${parts.join('')}`;
        const found = lines(file({ title: { en: wild }, place: wild }));
        const names = found.map((line) => /^[A-Z-]+/.exec(line)?.[0] ?? line);
        expect(names).toEqual(lines(file()).map((line) => /^[A-Z-]+/.exec(line)?.[0] ?? line));
      }),
    );
  });

  it('keeps its lines to 75 bytes', () => {
    for (const line of file({ title: { en: 'چوڑیاں '.repeat(17).trim() } }).split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });
});
