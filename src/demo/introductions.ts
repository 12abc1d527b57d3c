import type { Ending, Outcome, Report } from '../introductions/introduction.js';
import type { InAllLanguages } from '../language/language.js';

/** A lead of an earlier season, closed by now, and what came of introducing demo firms to who was behind it. */
export interface DemoIntroduction {
  readonly title: InAllLanguages;
  readonly kind: 'buy_request' | 'joint_venture';
  readonly hs: readonly string[];
  readonly isic?: readonly string[];
  readonly sectors: readonly string[];
  readonly country: string;
  readonly place: string;
  readonly counterparty: { readonly name: string; readonly email: string };
  /** Numbers of demo firms; of several the first speaks for the pool. */
  readonly firms: readonly number[];
  /** Days before the first start on which it began. */
  readonly daysAgo: number;
  /** How it went: reported after so many days, or ended before the contacts were released. */
  readonly then:
    | { readonly after: number; readonly report: Report; readonly by: 'firm' | 'counterparty' }
    | { readonly ended: Exclude<Ending, 'outcome' | 'pooled' | 'lead-closed'> };
}

const usd = (outcome: Outcome, value?: number, proof?: string): Report => ({
  outcome,
  ...(value ? { value, currency: 'USD' } : {}),
  ...(proof ? { proof } : {}),
});

/** Ten introductions of the last season with ten different endings. Everything about the counterparties is fictional. */
export const DEMO_INTRODUCTIONS: readonly DemoIntroduction[] = [
  {
    title: {
      en: 'Crushed red chillies, one container',
      ur: 'کُٹی ہوئی لال مرچ، ایک کنٹینر',
      sd: 'ڪٽيل ڳاڙها مرچ، هڪ ڪنٽينر',
      zh: '求购辣椒碎，一柜',
    },
    kind: 'buy_request',
    hs: ['090422'],
    sectors: ['agriculture'],
    country: 'CN',
    place: 'Chongqing',
    counterparty: { name: 'Old Gate Demo Kitchens', email: 'buying@old-gate-demo.example' },
    firms: [8],
    daysAgo: 130,
    then: { after: 60, by: 'firm', report: usd('order', 64_000, 'Order OG-118') },
  },
  {
    title: {
      en: 'Doubled cotton yarn for sewing thread',
      ur: 'سلائی کے دھاگے کے لیے ڈبل سوتی دھاگا',
      sd: 'سلائي جي ڌاڳي لاءِ ڊبل سوٽي ڌاڳو',
      zh: '求购缝纫线用股线',
    },
    kind: 'buy_request',
    hs: ['520532'],
    sectors: ['export-industry'],
    country: 'CN',
    place: 'Ningbo',
    counterparty: { name: 'Blue Spool Demo Threads', email: 'yarn@blue-spool-demo.example' },
    firms: [5],
    daysAgo: 110,
    then: { after: 50, by: 'counterparty', report: usd('mou', 180_000) },
  },
  {
    title: {
      en: 'Glass bangles for a festival, 12,000 dozen',
      ur: 'تہوار کے لیے کانچ کی چوڑیاں، 12,000 درجن',
      sd: 'ڏڻ لاءِ شيشي جون چوڙيون، 12,000 درجن',
      zh: '求购节庆玻璃手镯，12000打',
    },
    kind: 'buy_request',
    hs: ['701810'],
    sectors: ['export-industry'],
    country: 'CN',
    place: 'Yiwu, Zhejiang',
    counterparty: { name: 'Red Ribbon Demo Gifts', email: 'buy@red-ribbon-demo.example' },
    firms: [2, 1, 3],
    daysAgo: 45,
    then: { after: 30, by: 'firm', report: usd('sample') },
  },
  {
    title: {
      en: 'Socks: a joint unit with used machines',
      ur: 'جرابیں: استعمال شدہ مشینوں کے ساتھ مشترکہ یونٹ',
      sd: 'جوراب: استعمال ٿيل مشينن سان گڏيل يونٽ',
      zh: '袜子合资项目，二手设备出资',
    },
    kind: 'joint_venture',
    hs: ['611595'],
    sectors: ['export-industry'],
    country: 'CN',
    place: 'Zhuji, Zhejiang',
    counterparty: { name: 'Fine Gauge Demo Knitting', email: 'partner@fine-gauge-demo.example' },
    firms: [20],
    daysAgo: 160,
    then: { after: 118, by: 'firm', report: usd('joint-venture', 400_000, 'Signed paper 7/26') },
  },
  {
    title: {
      en: 'Ajrak shawls for a museum shop',
      ur: 'عجائب گھر کی دکان کے لیے اجرک کی شالیں',
      sd: 'عجائب گھر جي دڪان لاءِ اجرڪ جون شالون',
      zh: '博物馆商店求购阿吉拉克披肩',
    },
    kind: 'buy_request',
    hs: ['621490'],
    sectors: ['export-industry'],
    country: 'CN',
    place: 'Kunming',
    counterparty: { name: 'South Cloud Demo Museum', email: 'shop@south-cloud-demo.example' },
    firms: [21],
    daysAgo: 35,
    then: { after: 20, by: 'counterparty', report: usd('meeting') },
  },
  {
    title: {
      en: 'Broken rice for feed, 500 t',
      ur: 'چارے کے لیے ٹوٹا چاول، 500 ٹن',
      sd: 'چاري لاءِ ٽٽل چانور، 500 ٽن',
      zh: '求购饲料用碎米，500吨',
    },
    kind: 'buy_request',
    hs: ['100640'],
    sectors: ['agriculture'],
    country: 'CN',
    place: 'Guangzhou',
    counterparty: { name: 'Nine Rivers Demo Feed', email: 'grain@nine-rivers-demo.example' },
    firms: [13],
    daysAgo: 90,
    then: { after: 30, by: 'firm', report: usd('nothing') },
  },
  {
    title: {
      en: 'Goat crust leather for gloves',
      ur: 'دستانوں کے لیے بکری کا کرسٹ چمڑا',
      sd: 'دستانن لاءِ ٻڪريءَ جو ڪرسٽ چمڙو',
      zh: '求购手套用山羊坯革',
    },
    kind: 'buy_request',
    hs: ['410622'],
    sectors: ['export-industry'],
    country: 'CN',
    place: 'Wenzhou',
    counterparty: { name: 'Soft Palm Demo Gloves', email: 'hides@soft-palm-demo.example' },
    firms: [18],
    daysAgo: 80,
    then: { after: 25, by: 'firm', report: usd('no-reply') },
  },
  {
    title: {
      en: 'Dried garlic flakes, 20 t',
      ur: 'خشک لہسن کے فلیکس، 20 ٹن',
      sd: 'سڪل ٿوم جا فليڪ، 20 ٽن',
      zh: '求购蒜片，20吨',
    },
    kind: 'buy_request',
    hs: ['071290'],
    sectors: ['agriculture'],
    country: 'CN',
    place: 'Tianjin',
    counterparty: { name: 'North Harbour Demo Spices', email: 'garlic@north-harbour-demo.example' },
    firms: [10],
    daysAgo: 70,
    then: { ended: 'no-reply' },
  },
  {
    title: {
      en: 'Mango pulp in drums',
      ur: 'ڈرموں میں آم کا گودا',
      sd: 'ڊرمن ۾ انب جو گُدو',
      zh: '求购桶装芒果浆',
    },
    kind: 'buy_request',
    hs: ['200899'],
    sectors: ['agriculture'],
    country: 'CN',
    place: 'Xiamen',
    counterparty: { name: 'Sweet Isle Demo Drinks', email: 'pulp@sweet-isle-demo.example' },
    firms: [11],
    daysAgo: 65,
    then: { ended: 'declined' },
  },
  {
    title: {
      en: 'A web shop in Chinese and English',
      ur: 'چینی اور انگریزی میں ویب دکان',
      sd: 'چيني ۽ انگريزيءَ ۾ ويب دڪان',
      zh: '中英文网店开发',
    },
    kind: 'buy_request',
    hs: [],
    isic: ['6201'],
    sectors: ['information-technology'],
    country: 'CN',
    place: 'Shenzhen',
    counterparty: { name: 'Lantern Street Demo Stores', email: 'web@lantern-street-demo.example' },
    firms: [25],
    daysAgo: 60,
    then: { ended: 'withdrawn' },
  },
];
