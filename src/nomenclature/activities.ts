import { fold, isPreposition, KIND, scan } from './tokens.js';

/** What a firm says it does with goods; each has its own divisions of ISIC, whatever the goods. */
export const ACTIVITIES = [
  'make',
  'wholesale',
  'retail',
  'grow',
  'fish',
  'mine',
  'repair',
  'rent',
  'install',
  'build',
  'carry',
  'teach',
  'heal',
  'serve',
  'association',
  'state',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** Words of each activity in all languages; `…` at the end of a Latin word: any ending. */
const WORDS: Readonly<Record<Activity, string>> = {
  make:
    'manufacture manufactures manufacturer manufacturers manufacturing manufactured maker makers making production producer producers producing processing processor mill mills factory weaving spinning finishing ' +
    'banana sazi karkhana بنانا بنانے سازی کارخانہ ساز ٺاهڻ ڪارخانو 制造 生产 加工 制作 厂',
  wholesale:
    'wholesale wholesaler wholesalers wholesaling distributor distributors distribution exporter exporters importer importers trading stockist agent agents broker brokers commission ' +
    'thok tijarat تھوک تاجر تجارت آڑھت آڑھتی ٿوڪ واپاري واپار 批发 贸易 进出口 经销 代理',
  retail:
    'retail retailer retailers retailing shop shops store stores stall stalls showroom boutique dukan dukaan parchoon دکان پرچون دوکان دڪان پرچون 零售 商店 店 超市',
  grow: 'growing grower growers cultivation cultivating farming farm farms farmer orchard orchards breeding raising rearing kasht kashtkari zamindar کاشت کاشتکاری باغ پوک پوکي باغ 种植 养殖 栽培',
  fish: 'fishing fishery fisheries fisherman aquaculture ماہی گیری مڇي مارڻ 捕捞 渔业 水产养殖',
  mine: 'mining mine mines quarry quarrying extraction کان کنی کاڻ 采矿 开采',
  repair: 'repair repairs repairing maintenance servicing mending overhaul restoration murammat marammat مرمت 维修 修理 保养',
  rent: 'rental rentals hire hiring renting leasing lease letting kiraya kiraye کرایہ کرائے ڪرائي مسواڙ 租赁 出租',
  install: 'installation installations installing installer fitting erection nasb tanseeb تنصیب لڳائڻ 安装',
  build: 'construction builder builders building contractor civil tameer tameerat تعمیر تعمیرات تعمير اڏاوت 施工 建筑工程',
  carry:
    'transport transportation haulage freight forwarding courier logistics warehousing clearing cargo naqal ٹرانسپورٹ نقل و حمل ٽرانسپورٽ 运输 物流 货运 仓储',
  teach:
    'school schools college university education training teaching teacher tuition academy instructor taleem tarbiyat تعلیم سکول تربیت اسڪول تعليم 培训 学校 教育',
  heal: 'hospital hospitals clinic clinics doctor physician dentist nursing medical-centre surgery ہسپتال کلینک اسپتال 医院 诊所',
  serve:
    'service services advice consultancy consultant consultants consulting advisory agency activities studio studios bureau development design designing testing inspection certification cleaning ' +
    'khidmat khidmaat mashwara خدمات خدمت مشاورت خدمتون صلاحڪاري 服务 咨询 开发 设计 检测 认证',
  association: 'association associations society societies union unions federation club clubs church chamber anjuman انجمن تنظیم 协会 商会',
  state: 'public authority government ministry administration regulation embassy municipal sarkari حکومت سرکاري سرکاری 政府',
};

const BY_WORD = new Map<string, Activity>();
const IN_CHINESE: [string, Activity][] = [];
for (const activity of ACTIVITIES) {
  for (const word of fold(WORDS[activity]).split(/\s+/)) {
    if (/^[\u4e00-\u9fff]/.test(word)) IN_CHINESE.push([word, activity]);
    else BY_WORD.set(word, activity);
  }
}
/** A machine for making is no making. */
const THINGS = /^(?:machine|machines|machinery|equipment|plant|plants|line|lines|tool|tools|unit|units|kit|kits|apparatus|parts?|ki|کی|جي|مشین.*|مشينون?)$/;

/** Places and people that also name goods (school bags, hospital beds): an activity only where nothing but more of the kind follows. */
const NAMES_GOODS_TOO: ReadonlySet<Activity> = new Set<Activity>(['build', 'carry', 'teach', 'heal', 'serve', 'association', 'state']);
const AND: ReadonlySet<string> = new Set(fold('and or اور ۽ aur').split(' '));

/** The activities a folded text names, and the folded words that name them. */
export function activitiesIn(folded: string): { found: Set<Activity>; words: Set<string> } {
  const found = new Set<Activity>();
  const words = new Set<string>();
  let last: [string, Activity] | undefined;
  const settle = (next: string | undefined) => {
    if (!last) return;
    const ends = next === undefined || BY_WORD.has(next) || AND.has(next) || isPreposition(next);
    if (NAMES_GOODS_TOO.has(last[1]) ? ends : next === undefined || !THINGS.test(next)) {
      found.add(last[1]);
      words.add(last[0]);
    }
    last = undefined;
  };
  scan(folded, 0, folded.length, (word, kind) => {
    settle(word);
    if (kind === KIND.han) {
      for (const [term, activity] of IN_CHINESE) if (word.endsWith(term)) found.add(activity);
      return;
    }
    const activity = BY_WORD.get(word);
    if (activity) last = [word, activity];
  });
  settle(undefined);
  return { found, words };
}

/** The divisions of an activity, whatever the goods. */
export const DIVISIONS: Readonly<Record<Activity, readonly string[]>> = {
  make: [],
  wholesale: ['46', '45'],
  retail: ['47', '45'],
  grow: ['01'],
  fish: ['03'],
  mine: ['05', '06', '07', '08', '09'],
  repair: ['33', '95', '45'],
  rent: ['77', '68'],
  install: ['33', '43'],
  build: ['41', '42', '43'],
  carry: ['49', '50', '51', '52', '53'],
  teach: ['85'],
  heal: ['86'],
  serve: [],
  association: ['94'],
  state: ['84'],
};
