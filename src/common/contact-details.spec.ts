import { describe, expect, it } from '@jest/globals';
import { faults } from '../../test/support/faults.js';
import { hasContactDetails, proseWithoutContact } from './contact-details.js';

describe('contact details in free text', () => {
  it.each([
    'Call 0300-1234567',
    '+92 300 1234567',
    '0092 22 278 1234',
    'Landline (022) 2781234',
    '92-300-123-4567',
    '300 1234567',
    '13800138000',
    '138-0013-8000',
    '0,3,0,0,1,2,3,4,5,6,7',
    'میرا نمبر ۰۳۰۰۱۲۳۴۵۶۷ ہے',
    '٠٣٠٠ ١٢٣٤٥٦٧',
    '０３００１２３４５６７',
    '0️⃣3️⃣0️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣',
    '03\u200c00\u200d1234567',
    'zero three zero zero one two three four five six seven',
    'صفر تین صفر صفر ایک دو تین چار پانچ چھ سات',
    '零三零零一二三四五六七',
    'naila@kunri.example',
    'naila＠kunri.example',
    'naila @ kunri . com',
    'naila [at] kunri [dot] com',
    'naila at kunri dot com',
    'نائلہ ایٹ کنری ڈاٹ کام',
    'https://kunri.example/x',
    'see www.kunri.example',
    'kunri-chillies.com.pk',
    'wa.me/92',
    'on WeChat: kunri88',
    '微信号 kunri88',
    '微信：chilli_king',
    'WhatsApp 0300',
    'Telegram id: naila',
    'find us @kunri_sun',
  ])('are seen in %j', (text) => {
    expect(hasContactDetails(text)).toBe(true);
  });

  it.each([
    'We can supply 40 t a month from March on.',
    'Between 2026-11-24 and 2026-12-31, or 24.11.2026 – 31.12.2026',
    'HS 0904.21 0904.22, and 0904 0905 0910',
    '0.5, 0.75, 0.25 or 0.125 0.1 0.2 mm thick',
    'Worth 12,500,000 rupees, 1,000,000,000 at most',
    '2500000 pieces a year',
    'Price 100 t @ 500 USD, or @usd 5.50 a kg',
    'We deliver at Karachi. Please tell us the port.',
    'ہم ماہانہ ۴۰ ٹن دے سکتے ہیں',
    'We answer on WhatsApp too',
    'ISO 22000:2018, HACCP, lot 2026/11',
    '每月可供应四十吨',
    'One container, two sizes, three colours',
    '',
  ])('are not seen in %j', (text) => {
    expect(hasContactDetails(text)).toBe(false);
  });

  it('are refused with a reason of their own, beside the rules of all plain text', () => {
    const schema = proseWithoutContact(40);
    expect(faults(schema, 'We make bangles')).toEqual([]);
    expect(faults(schema, 'Call 0300-1234567')).toEqual(['body no-contact']);
    expect(faults(schema, '<b>bangles</b>')).toEqual(['body no-html']);
    expect(faults(schema, 'x'.repeat(41))).toEqual(['body too-long']);
    expect(schema.parse('bang\u202Eles\u0000\u200f')).toBe('bangles');
  });
});
