import type { Query } from './query.js';
import { fold } from './tokens.js';

/**
 * Words that decide the chapter whatever the article is: what it is made of, whether it is knitted or woven, fresh or preserved.
 * A plastic award is an article of plastics although nobody wrote "plastic award" into the lexicon.
 */
export interface Signal {
  readonly words: ReadonlySet<string>;
  readonly han: readonly string[];
  /** Chapters the word speaks for. */
  readonly chapters: ReadonlySet<number>;
  /** Chapters it speaks against: the same article of something else. */
  readonly against: readonly [from: number, to: number];
  /** Headings for whatever has none of its own. */
  readonly rest: readonly string[];
}

const MATERIALS: readonly [number, number] = [39, 83];
const FOOD: readonly [number, number] = [1, 22];
const CLOTH: readonly [number, number] = [50, 63];

const signal = (words: string, chapters: readonly number[], against: readonly [number, number], rest: readonly string[]): Signal => {
  const all = fold(words).split(/\s+/);
  const isHan = (word: string) => /^[\u3400-\u9fff]/.test(word);
  return { words: new Set(all.filter((w) => !isHan(w))), han: all.filter(isHan), chapters: new Set(chapters), against, rest };
};

export const SIGNALS: readonly Signal[] = [
  signal('plastic plastics pvc acrylic polythene polyethylene polypropylene polystyrene پلاسٹک پلاسٽڪ 塑料 塑胶 亚克力', [39], MATERIALS, [
    '3926',
    '3924',
    '3923',
  ]),
  signal('rubber rabar rabbar ربڑ رٻڙ 橡胶 硅胶', [40, 64], MATERIALS, ['4016']),
  signal('leather chamra chamray chamre چمڑا چمڑے چمڙو چمڙي 皮革 真皮 牛皮', [41, 42, 43, 64], MATERIALS, ['4205', '4202']),
  signal('wood wooden timber plywood lakri lakdi لکڑی ڪاٺ ڪاٺي 木 木制 木质', [44, 94], MATERIALS, ['4421', '4420', '4419']),
  signal('cork 软木', [45], MATERIALS, ['4503']),
  signal('wicker rattan straw bamboo cane بید بانس 竹 藤 草编', [46, 44, 14, 94], MATERIALS, ['4602']),
  signal('paper cardboard paperboard kaghaz gatta کاغذ گتہ گتے ڪاغذ 纸 纸板', [47, 48, 49], MATERIALS, ['4823']),
  signal('textile textiles cloth fabric kapra کپڑا کپڑے ڪپڙو 布 纺织 织物', [50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63], MATERIALS, ['6307']),
  signal('stone marble granite slate sang pathar پتھر سنگ پٿر 石 大理石 花岗岩', [25, 68], MATERIALS, ['6802', '6815']),
  signal('cement concrete plaster سیمنٹ سيمينٽ 水泥 混凝土', [68, 25], MATERIALS, ['6810']),
  signal('asbestos 石棉', [68], MATERIALS, ['6812']),
  signal('ceramic porcelain china earthenware stoneware terracotta clay pottery mitti چینی مٹی سرامک 陶瓷 陶 瓷', [69], MATERIALS, ['6914', '6912']),
  signal('glass crystal sheesha شیشہ شیشے شيشو شيشي 玻璃', [70], MATERIALS, ['7020', '7013']),
  signal('gold silver platinum sona chandi سونا سونے چاندی سون چاندي 黄金 银 铂', [71], MATERIALS, ['7115', '7113']),
  signal('iron steel stainless loha lohay folaad لوہا لوہے فولاد اسٹیل لوهه اسٽيل 铁 钢 不锈钢', [72, 73, 82, 83], MATERIALS, ['7326', '7323']),
  signal('copper brass bronze tamba peetal pital تانبا تانبے پیتل ٽامو پتل 铜 黄铜', [74], MATERIALS, ['7419', '7418']),
  signal('nickel 镍', [75], MATERIALS, ['7508']),
  signal('aluminium aluminum ایلومینیم ایلومینم ايلومينيم 铝 铝合金', [76], MATERIALS, ['7616', '7615']),
  signal('lead سیسہ', [78], MATERIALS, ['7806']),
  signal('zinc جست 锌', [79], MATERIALS, ['7907']),
  signal('metal metallic dhaat دھات ڌات 金属', [71, 72, 73, 74, 75, 76, 81, 82, 83], MATERIALS, ['8306', '7326']),
  signal('knitted knit crocheted crochet jersey بنا بنے 针织 钩编', [60, 61], CLOTH, []),
  signal('woven 梭织 机织', [50, 51, 52, 53, 54, 55, 58, 62], CLOTH, []),
  signal('mens womens boys girls ladies gents men women mardana zanana مردانہ زنانہ مرداڻو زنانو 男 女', [61, 62, 64], CLOTH, []),
  signal('live zinda زندہ جيئرو 活', [1, 3, 6], FOOD, []),
  signal('fresh chilled taza تازہ تازو تازا 鲜 新鲜 冷藏', [2, 3, 4, 6, 7, 8, 9], FOOD, ['0709', '0810']),
  signal('frozen 冻 冷冻 فروزن', [2, 3, 7, 8, 16], FOOD, []),
  signal('dried dry khushk sukha sukhi خشک سوکھا سوکھی سڪل 干 干制 脱水', [3, 4, 7, 8, 9, 12], FOOD, []),
  signal('prepared preserved canned tinned pickled 罐头 腌制 قلیہ', [16, 20, 21], FOOD, ['2008', '2005', '1602']),
  signal('electric electrical electronic برقی بجلی بجلي bijli 电动 电', [85, 90, 84], [1, 83], ['8516', '8543']),
  signal('machine machines machinery مشین مشینری مشينري مشين 机 机器 设备', [84, 85], [1, 83], ['8479']),
];

const BY_WORD = new Map<string, Signal[]>();
for (const one of SIGNALS) for (const word of one.words) BY_WORD.set(word, [...(BY_WORD.get(word) ?? []), one]);
const NOT_HAN = /[^\u3400-\u9fff]+/g;

/** The signals of a text. */
export function signalsIn({ positions, folded }: Query): Signal[] {
  const found = new Set<Signal>();
  for (const { word } of positions) for (const one of BY_WORD.get(word) ?? []) found.add(one);
  const han = folded.replace(NOT_HAN, '');
  if (han !== '') for (const one of SIGNALS) if (one.han.some((term) => han.includes(term))) found.add(one);
  return [...found];
}
