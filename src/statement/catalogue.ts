import type { Entry, Paragraph } from './catalogue.types.js';

/** The 24 paragraphs of the Joint Statement of 6 February 2025, in our own words. */
export const PARAGRAPHS: readonly Paragraph[] = [
  {
    number: 1,
    title: { en: 'State visit', ur: 'سرکاری دورہ', sd: 'سرڪاري دورو', zh: '国事访问' },
    summary: {
      en: 'Describes the trip of the President of Pakistan to China in early February 2025 and whom he met there.',
      ur: 'فروری 2025 کے آغاز میں صدرِ پاکستان کے دورۂ چین اور وہاں ہونے والی ملاقاتوں کا ذکر۔',
      sd: 'فيبروري 2025 جي شروعات ۾ پاڪستان جي صدر جي چين واري دوري ۽ اتي ٿيل ملاقاتن جو ذڪر.',
      zh: '介绍2025年2月初巴基斯坦总统访华的行程与会见情况。',
    },
  },
  {
    number: 2,
    title: { en: 'Relations between the two countries', ur: 'دو طرفہ تعلقات', sd: 'ٻن ملڪن جا لاڳاپا', zh: '两国关系' },
    summary: {
      en: 'How the two governments describe their partnership and its place in their foreign policies.',
      ur: 'دونوں حکومتیں اپنی شراکت داری اور خارجہ پالیسی میں اس کے مقام کو بیان کرتی ہیں۔',
      sd: 'ٻئي حڪومتون پنهنجي ڀائيواري ۽ پرڏيهي پاليسيءَ ۾ ان جي جاءِ بيان ڪن ٿيون.',
      zh: '两国政府说明彼此的伙伴关系及其在各自外交中的位置。',
    },
  },
  {
    number: 3,
    title: { en: 'Global initiatives', ur: 'عالمی اقدامات', sd: 'عالمي پهل قدميون', zh: '全球倡议' },
    summary: {
      en: 'Pakistan backs three Chinese initiatives on development, security and civilisation, and the two sides plan to work on them together.',
      ur: 'پاکستان ترقی، سلامتی اور تہذیب سے متعلق چین کے تین عالمی اقدامات کی تائید کرتا ہے اور دونوں ملک ان پر ساتھ کام کریں گے۔',
      sd: 'پاڪستان ترقي، سلامتي ۽ تهذيب بابت چين جي ٽن عالمي پهل قدمين جي تائيد ڪري ٿو ۽ ٻئي ملڪ انهن تي گڏجي ڪم ڪندا.',
      zh: '巴方支持中方在发展、安全、文明三方面的倡议，两国计划就此共同开展工作。',
    },
  },
  {
    number: 4,
    title: { en: 'National development plans', ur: 'قومی ترقیاتی منصوبے', sd: 'قومي ترقياتي رٿائون', zh: '国家发展计划' },
    summary: {
      en: 'Each side speaks well of the development of the other, including the Uraan economic programme of Pakistan.',
      ur: 'دونوں ملک ایک دوسرے کی ترقی کو سراہتے ہیں؛ اس میں پاکستان کا معاشی پروگرام اڑان بھی شامل ہے۔',
      sd: 'ٻئي ملڪ هڪ ٻئي جي ترقيءَ کي ساراهين ٿا، جنهن ۾ پاڪستان جو معاشي پروگرام اُڏان پڻ شامل آهي.',
      zh: '两国互相肯定对方的发展，其中提到巴基斯坦的“Uraan”经济计划。',
    },
  },
  {
    number: 5,
    title: { en: 'Political positions', ur: 'سیاسی مؤقف', sd: 'سياسي موقف', zh: '政治立场' },
    summary: {
      en: 'Each side restates its political support for the other on the matters that it regards as its core interests.',
      ur: 'دونوں ملک ان معاملات پر ایک دوسرے کی سیاسی حمایت دہراتے ہیں جنہیں وہ اپنا بنیادی مفاد سمجھتے ہیں۔',
      sd: 'ٻئي ملڪ انهن معاملن تي هڪ ٻئي جي سياسي حمايت ورجائين ٿا، جن کي هو پنهنجو بنيادي مفاد سمجهن ٿا.',
      zh: '双方再次表明在各自视为核心利益的问题上给予对方政治支持。',
    },
  },
  {
    number: 6,
    title: { en: 'Exchanges between institutions', ur: 'اداروں کے درمیان روابط', sd: 'ادارن وچ ۾ رابطا', zh: '机构间往来' },
    summary: {
      en: 'More visits and contacts are planned between governments, provinces, legislatures and parties of the two countries.',
      ur: 'دونوں ملکوں کی حکومتوں، صوبوں، قانون ساز اداروں اور جماعتوں کے درمیان دورے اور رابطے بڑھائے جائیں گے۔',
      sd: 'ٻنهي ملڪن جي حڪومتن، صوبن، قانون ساز ادارن ۽ پارٽين وچ ۾ دورا ۽ رابطا وڌايا ويندا.',
      zh: '两国计划增加政府、省市、立法机关和政党之间的互访与联系。',
    },
  },
  {
    number: 7,
    title: { en: 'Safety and counter-terrorism', ur: 'تحفظ اور انسدادِ دہشت گردی', sd: 'تحفظ ۽ دهشتگرديءَ جي روڪٿام', zh: '安全与反恐' },
    summary: {
      en: 'Pakistan undertakes to protect Chinese staff and projects on its soil, and the two sides go on working together against terrorism.',
      ur: 'پاکستان اپنے ہاں چینی عملے اور منصوبوں کے تحفظ کا عہد کرتا ہے اور دونوں ملک دہشت گردی کے خلاف تعاون جاری رکھیں گے۔',
      sd: 'پاڪستان پنهنجي زمين تي چيني عملي ۽ منصوبن جي تحفظ جو واعدو ڪري ٿو ۽ ٻئي ملڪ دهشتگرديءَ خلاف سهڪار جاري رکندا.',
      zh: '巴方承诺保护境内中方人员和项目，两国继续在反恐方面合作。',
    },
  },
  {
    number: 8,
    title: { en: 'CPEC and its five corridors', ur: 'سی پیک اور اس کی پانچ راہداریاں', sd: 'سي پيڪ ۽ ان جون پنج راهداريون', zh: '中巴经济走廊与五条走廊' },
    summary: {
      en: 'Five corridors (growth, livelihood, innovation, green, open) set the new direction of CPEC, and a joint committee plans its projects; a firm can say which corridor its proposal serves.',
      ur: 'ترقی، روزگار، جدت، سبز اور کھلی: یہ پانچ راہداریاں سی پیک کا نیا رخ ہیں اور ایک مشترکہ کمیٹی منصوبے طے کرتی ہے؛ فرم بتا سکتی ہے کہ اس کی تجویز کس راہداری سے جڑتی ہے۔',
      sd: 'واڌ، روزگار، جدت، سائي ۽ کليل: اهي پنج راهداريون سي پيڪ جو نئون رخ آهن ۽ هڪ گڏيل ڪاميٽي منصوبا طئي ڪري ٿي؛ ڪمپني ٻڌائي سگهي ٿي ته سندس تجويز ڪهڙي راهداريءَ سان لاڳاپيل آهي.',
      zh: '增长、民生、创新、绿色、开放五条走廊是中巴经济走廊的新方向，项目由联合委员会规划；企业可说明其方案属于哪条走廊。',
    },
  },
  {
    number: 9,
    title: { en: 'Transport and Gwadar', ur: 'نقل و حمل اور گوادر', sd: 'آمدورفت ۽ گوادر', zh: '交通与瓜达尔' },
    summary: {
      en: 'The ML-1 railway, the Karakoram Highway and the port and new airport of Gwadar are to be taken forward; for exporters this means more choice of route, for hauliers and builders it may mean work.',
      ur: 'ایم ایل 1 ریلوے، شاہراہِ قراقرم اور گوادر کی بندرگاہ و نئے ہوائی اڈے پر کام آگے بڑھے گا؛ برآمد کنندگان کو نئے راستے اور ٹرانسپورٹ و تعمیرات والوں کو کام مل سکتا ہے۔',
      sd: 'ايم ايل 1 ريلوي، قراقرم هاءِ وي ۽ گوادر جي بندرگاهه ۽ نئين هوائي اڏي تي ڪم اڳتي وڌندو؛ برآمد ڪندڙن کي نوان رستا ۽ ٽرانسپورٽ ۽ اڏاوت وارن کي ڪم ملي سگهي ٿو.',
      zh: 'ML-1 铁路、喀喇昆仑公路以及瓜达尔港和新机场将继续推进；出口商的运输路线会更多，运输和工程企业也可能获得业务。',
    },
  },
  {
    number: 10,
    title: { en: 'Industry and special economic zones', ur: 'صنعت اور خصوصی اقتصادی زون', sd: 'صنعت ۽ خاص اقتصادي زون', zh: '工业与经济特区' },
    summary: {
      en: 'China supports Pakistani industry that exports and invites its companies into zones that are ready, and third countries may join; a member can look for a plot, a partner or an order.',
      ur: 'چین پاکستان کی برآمدی صنعت کی حمایت کرتا ہے اور اپنی کمپنیوں کو تیار اقتصادی زونوں کی طرف بلاتا ہے، تیسرے ملک بھی شریک ہو سکتے ہیں؛ رکن فرم پلاٹ، شریک یا آرڈر تلاش کر سکتی ہے۔',
      sd: 'چين پاڪستان جي برآمدي صنعت جي حمايت ڪري ٿو ۽ پنهنجين ڪمپنين کي تيار اقتصادي زونن ڏانهن سڏي ٿو، ٽيان ملڪ به شامل ٿي سگهن ٿا؛ ميمبر ڪمپني پلاٽ، ڀائيوار يا آرڊر ڳولي سگهي ٿي.',
      zh: '中方支持巴基斯坦的出口型工业，并引导本国公司进入条件成熟的经济特区，第三方也可加入；会员企业可寻找地块、伙伴或订单。',
    },
  },
  {
    number: 11,
    title: { en: 'Mining, geology, oil and gas', ur: 'کان کنی، ارضیات، تیل اور گیس', sd: 'معدنيات، ارضيات، تيل ۽ گئس', zh: '矿业、地质与油气' },
    summary: {
      en: 'Chinese companies may invest in mines and in offshore oil and gas, and public bodies are to survey land and sea together; local firms can offer minerals, drilling and field services.',
      ur: 'چینی کمپنیاں کانوں اور سمندری تیل و گیس میں سرمایہ لگا سکتی ہیں اور سرکاری ادارے خشکی و سمندر کا مل کر سروے کریں گے؛ مقامی فرمیں معدنیات، ڈرلنگ اور فیلڈ خدمات پیش کر سکتی ہیں۔',
      sd: 'چيني ڪمپنيون کاڻين ۽ سامونڊي تيل ۽ گئس ۾ سيڙپڪاري ڪري سگهن ٿيون ۽ سرڪاري ادارا زمين ۽ سمنڊ جي گڏيل سروي ڪندا؛ مقامي ڪمپنيون معدنيات، ڊرلنگ ۽ فيلڊ جون خدمتون ڏئي سگهن ٿيون.',
      zh: '中国公司可投资矿山和近海油气，两国有关机构将联合勘查陆地与海洋；本地企业可提供矿产、钻探和野外服务。',
    },
  },
  {
    number: 12,
    title: { en: 'Agriculture', ur: 'زراعت', sd: 'زراعت', zh: '农业' },
    summary: {
      en: 'A new set of farm projects is to be chosen under CPEC; growers, processors and suppliers of farm inputs can look for buyers and propose projects.',
      ur: 'سی پیک کے تحت زرعی منصوبوں کا نیا مجموعہ چنا جائے گا؛ کاشتکار، پراسیسر اور زرعی سامان والے خریدار ڈھونڈ سکتے ہیں اور منصوبے تجویز کر سکتے ہیں۔',
      sd: 'سي پيڪ هيٺ زرعي منصوبن جو نئون سلسلو چونڊيو ويندو؛ آبادگار، پراسيسر ۽ زرعي سامان وارا خريدار ڳولي ۽ منصوبا پيش ڪري سگهن ٿا.',
      zh: '中巴经济走廊框架内将选定新的农业项目；种植户、加工企业和农资供应商可寻找买家、提出项目。',
    },
  },
  {
    number: 13,
    title: { en: 'Power', ur: 'بجلی', sd: 'بجلي', zh: '电力' },
    summary: {
      en: 'The two sides will share experience on running the power system better; factories can look for efficient equipment and solar, suppliers for tenders.',
      ur: 'دونوں ملک بجلی کے نظام کو بہتر چلانے کا تجربہ بانٹیں گے؛ کارخانے کم خرچ آلات اور سولر، اور سپلائر ٹینڈر تلاش کر سکتے ہیں۔',
      sd: 'ٻئي ملڪ بجليءَ جي نظام کي بهتر هلائڻ جو تجربو ونڊيندا؛ ڪارخانا گهٽ خرچ اوزار ۽ سولر، ۽ سپلائر ٽينڊر ڳولي سگهن ٿا.',
      zh: '双方将交流改善电力系统运行的经验；工厂可寻找节能设备和光伏，供应商可关注招标。',
    },
  },
  {
    number: 14,
    title: { en: 'Information technology', ur: 'انفارمیشن ٹیکنالوجی', sd: 'انفارميشن ٽيڪنالاجي', zh: '信息技术' },
    summary: {
      en: 'Policy makers and specialists are to exchange on AI, big data and communications, and Chinese technology companies are encouraged to do more in Pakistan; software firms can look for projects and partners.',
      ur: 'مصنوعی ذہانت، بگ ڈیٹا اور مواصلات پر پالیسی اور ماہرین کا تبادلہ ہوگا اور چینی ٹیک کمپنیوں کو پاکستان میں کام بڑھانے کی ترغیب ہے؛ سافٹ ویئر فرمیں منصوبے اور شریک ڈھونڈ سکتی ہیں۔',
      sd: 'مصنوعي ذهانت، بگ ڊيٽا ۽ مواصلات تي پاليسي ۽ ماهرن جي مٽاسٽا ٿيندي ۽ چيني ٽيڪ ڪمپنين کي پاڪستان ۾ ڪم وڌائڻ لاءِ همٿايو ويندو؛ سافٽ ويئر ڪمپنيون منصوبا ۽ ڀائيوار ڳولي سگهن ٿيون.',
      zh: '两国将在人工智能、大数据和通信方面开展政策与人才往来，中国科技公司可在巴扩大业务；软件企业可寻找项目和伙伴。',
    },
  },
  {
    number: 15,
    title: { en: 'Trade, joint ventures and finance', ur: 'تجارت، مشترکہ منصوبے اور مالیات', sd: 'واپار، گڏيل منصوبا ۽ ماليات', zh: '贸易、合资与金融' },
    summary: {
      en: 'Talks on freer trade go on, two expos in China are open to Pakistani exporters, and joint ventures, business-to-business links and banking ties are supported.',
      ur: 'آزاد تجارت پر مزید بات ہوگی، چین کی دو نمائشیں پاکستانی برآمد کنندگان کے لیے کھلی ہیں، اور مشترکہ منصوبوں، کاروباری روابط اور بینکاری تعاون کی حمایت کی جائے گی۔',
      sd: 'آزاد واپار تي وڌيڪ ڳالهيون ٿينديون، چين جون ٻه نمائشون پاڪستاني برآمد ڪندڙن لاءِ کليل آهن، ۽ گڏيل منصوبن، ڪاروباري رابطن ۽ بئنڪاري سهڪار جي حمايت ٿيندي.',
      zh: '贸易自由化继续商谈，中国的两个展会向巴方出口商开放，合资、企业对接和银行往来都获得支持。',
    },
  },
  {
    number: 16,
    title: { en: 'Health, livelihood and climate', ur: 'صحت، روزگار اور موسمیات', sd: 'صحت، روزگار ۽ موسميات', zh: '卫生、民生与气候' },
    summary: {
      en: 'Co-operation reaches all regions in health, farming, education, climate and disaster work, with small local projects and interest in herbal medicine; firms can supply goods, training or herbs.',
      ur: 'صحت، زراعت، تعلیم، موسم اور آفات کے شعبوں میں تعاون ہر علاقے تک ہے، چھوٹے مقامی منصوبے اور جڑی بوٹیوں کی ادویات بھی شامل ہیں؛ فرمیں سامان، تربیت یا جڑی بوٹیاں دے سکتی ہیں۔',
      sd: 'صحت، زراعت، تعليم، موسميات ۽ آفتن جي شعبن ۾ سهڪار هر علائقي لاءِ آهي، ننڍا مقامي منصوبا ۽ جڙي ٻوٽين جون دوائون به شامل آهن؛ ڪمپنيون سامان، تربيت يا جڙي ٻوٽيون ڏئي سگهن ٿيون.',
      zh: '卫生、农业、教育、气候和防灾合作面向巴各地区，包括小型民生项目和草药；企业可提供物资、培训或药材。',
    },
  },
  {
    number: 17,
    title: { en: 'Education, training and media', ur: 'تعلیم، تربیت اور میڈیا', sd: 'تعليم، تربيت ۽ ميڊيا', zh: '教育、培训与传媒' },
    summary: {
      en: 'Farm and IT specialists have been trained and more is planned in education, vocational skills, Chinese language, media and film; firms can send staff or offer courses.',
      ur: 'زراعت اور آئی ٹی کے ماہرین کی تربیت ہوئی ہے اور تعلیم، ہنر، چینی زبان، میڈیا اور فلم میں مزید کام ہوگا؛ فرمیں عملہ بھیج سکتی ہیں یا کورس کرا سکتی ہیں۔',
      sd: 'زراعت ۽ آءِ ٽي جي ماهرن جي تربيت ٿي آهي ۽ تعليم، هنر، چيني ٻولي، ميڊيا ۽ فلم ۾ وڌيڪ ڪم ٿيندو؛ ڪمپنيون عملو موڪلي يا ڪورس ڪرائي سگهن ٿيون.',
      zh: '农业和信息技术人才培训已有基础，教育、职业技能、汉语、媒体和影视还将拓展；企业可派员学习或开设课程。',
    },
  },
  {
    number: 18,
    title: { en: 'Space', ur: 'خلائی شعبہ', sd: 'خلائي شعبو', zh: '航天' },
    summary: {
      en: 'Space co-operation is to go on in the service of the economy and society; uses such as crop and flood images may follow.',
      ur: 'خلائی تعاون معیشت اور معاشرے کے فائدے کے لیے جاری رہے گا؛ فصل اور سیلاب کی سیٹلائٹ تصاویر جیسے استعمال سامنے آ سکتے ہیں۔',
      sd: 'خلائي سهڪار معيشت ۽ سماج جي فائدي لاءِ جاري رهندو؛ فصل ۽ ٻوڏ جي سيٽلائيٽ تصويرن جهڙا استعمال سامهون اچي سگهن ٿا.',
      zh: '航天合作将继续服务于经济和社会；作物与洪水遥感等应用可能随之出现。',
    },
  },
  {
    number: 19,
    title: { en: 'Defence', ur: 'دفاع', sd: 'دفاع', zh: '防务' },
    summary: {
      en: 'The two sides state that their defence and security co-operation goes on, including visits, training and exercises.',
      ur: 'دونوں ملک بتاتے ہیں کہ ان کا دفاعی اور سلامتی تعاون، دوروں، تربیت اور مشقوں سمیت، جاری ہے۔',
      sd: 'ٻئي ملڪ ٻڌائين ٿا ته سندن دفاعي ۽ سلامتي سهڪار، دورن، تربيت ۽ مشقن سميت، جاري آهي.',
      zh: '双方说明防务与安全合作将继续，包括互访、训练和演习。',
    },
  },
  {
    number: 20,
    title: { en: 'South Asia', ur: 'جنوبی ایشیا', sd: 'ڏکڻ ايشيا', zh: '南亚' },
    summary: {
      en: 'The two sides set out their views on peace in South Asia and on the Jammu and Kashmir dispute.',
      ur: 'دونوں ملک جنوبی ایشیا میں امن اور جموں و کشمیر کے تنازع پر اپنی رائے بیان کرتے ہیں۔',
      sd: 'ٻئي ملڪ ڏکڻ ايشيا ۾ امن ۽ ڄمون ۽ ڪشمير جي تڪرار بابت پنهنجي راءِ بيان ڪن ٿا.',
      zh: '双方说明各自对南亚和平以及查谟和克什米尔争端的看法。',
    },
  },
  {
    number: 21,
    title: { en: 'United Nations and Afghanistan', ur: 'اقوامِ متحدہ اور افغانستان', sd: 'گڏيل قومون ۽ افغانستان', zh: '联合国与阿富汗' },
    summary: {
      en: 'The two sides set out their views on the United Nations and multilateral work, and on stability and counter-terrorism in Afghanistan.',
      ur: 'دونوں ملک اقوامِ متحدہ اور کثیرالملکی تعاون، نیز افغانستان میں استحکام اور انسدادِ دہشت گردی پر اپنی رائے دیتے ہیں۔',
      sd: 'ٻئي ملڪ گڏيل قومن ۽ گهڻ ملڪي سهڪار، ۽ افغانستان ۾ استحڪام ۽ دهشتگرديءَ جي روڪٿام بابت پنهنجي راءِ ڏين ٿا.',
      zh: '双方说明对联合国与多边事务以及阿富汗稳定和反恐问题的看法。',
    },
  },
  {
    number: 22,
    title: { en: 'Middle East', ur: 'مشرقِ وسطیٰ', sd: 'وچ اوڀر', zh: '中东' },
    summary: {
      en: 'The two sides state their views on the ceasefire in Gaza, the Palestinian question and peace in the region.',
      ur: 'دونوں ملک غزہ کی جنگ بندی، مسئلۂ فلسطین اور خطے میں امن پر اپنی رائے بیان کرتے ہیں۔',
      sd: 'ٻئي ملڪ غزه جي جنگ بندي، فلسطين جي مسئلي ۽ خطي ۾ امن بابت پنهنجي راءِ بيان ڪن ٿا.',
      zh: '双方说明对加沙停火、巴勒斯坦问题和地区和平的看法。',
    },
  },
  {
    number: 23,
    title: { en: 'Documents signed', ur: 'دستخط شدہ دستاویزات', sd: 'صحيح ٿيل دستاويز', zh: '签署的文件' },
    summary: {
      en: 'Lists the fields of the papers signed on the trip: CPEC, trade, science, livelihood and media among them.',
      ur: 'دورے میں جن دستاویزات پر دستخط ہوئے ان کے شعبے: سی پیک، تجارت، سائنس، روزگار اور میڈیا وغیرہ۔',
      sd: 'دوري دوران جن دستاويزن تي صحيحون ٿيون، انهن جا شعبا: سي پيڪ، واپار، سائنس، روزگار ۽ ميڊيا وغيره.',
      zh: '列出访问中所签文件涉及的领域，如中巴经济走廊、贸易、科技、民生和媒体。',
    },
  },
  {
    number: 24,
    title: { en: 'Thanks and invitation', ur: 'شکریہ اور دعوت', sd: 'ٿورا ۽ دعوت', zh: '致谢与邀请' },
    summary: {
      en: 'The guest thanks his hosts and a return visit to Pakistan is proposed.',
      ur: 'مہمان صدر میزبانوں کا شکریہ ادا کرتے ہیں اور پاکستان کے جوابی دورے کی دعوت دی جاتی ہے۔',
      sd: 'مهمان صدر ميزبانن جا ٿورا مڃي ٿو ۽ پاڪستان جي جوابي دوري جي دعوت ڏني وڃي ٿي.',
      zh: '来访方向东道主致谢，并提出回访邀请。',
    },
  },
];

/** Sectors, corridors, platforms and instruments that the statement gives rise to. */
export const ENTRIES: readonly Entry[] = [
  // Priority sectors
  {
    code: 'agriculture', kind: 'sector', priority: true, paragraphs: [12, 16, 17],
    name: { en: 'Agriculture', ur: 'زراعت', sd: 'زراعت', zh: '农业' },
    summary: {
      en: 'Crops, fruit, spices, fodder and their processing: find buyers in China, inputs, and partners for farm projects.',
      ur: 'فصلیں، پھل، مصالحے، چارہ اور ان کی پراسیسنگ: چین میں خریدار، زرعی سامان اور منصوبوں کے شریک تلاش کریں۔',
      sd: 'فصل، ميوا، مصالحا، چارو ۽ انهن جي پراسيسنگ: چين ۾ خريدار، زرعي سامان ۽ منصوبن جا ڀائيوار ڳوليو.',
      zh: '粮食、水果、香料、饲草及其加工：寻找中国买家、农资和项目伙伴。',
    },
  },
  {
    code: 'mining', kind: 'sector', priority: true, paragraphs: [11],
    name: { en: 'Mining, geology, offshore oil and gas', ur: 'کان کنی، ارضیات، سمندری تیل اور گیس', sd: 'معدنيات، ارضيات، سامونڊي تيل ۽ گئس', zh: '矿业、地质与近海油气' },
    summary: {
      en: 'Stone, clay, sand and other minerals: supply them, serve a survey, or find an investor for a deposit.',
      ur: 'پتھر، مٹی، ریت اور دیگر معدنیات: مال دیں، سروے میں خدمات دیں یا ذخیرے کے لیے سرمایہ کار ڈھونڈیں۔',
      sd: 'پٿر، مٽي، ريتي ۽ ٻيا معدنيات: مال ڏيو، سروي ۾ خدمتون ڏيو يا ذخيري لاءِ سيڙپڪار ڳوليو.',
      zh: '石材、黏土、砂及其他矿产：供货、参与勘查或为矿点寻找投资方。',
    },
  },
  {
    code: 'information-technology', kind: 'sector', priority: true, paragraphs: [14, 17],
    name: { en: 'Information technology', ur: 'انفارمیشن ٹیکنالوجی', sd: 'انفارميشن ٽيڪنالاجي', zh: '信息技术' },
    summary: {
      en: 'Software, AI, big data and communications: take on projects, find partners, train staff.',
      ur: 'سافٹ ویئر، مصنوعی ذہانت، بگ ڈیٹا اور مواصلات: منصوبے لیں، شریک ڈھونڈیں، عملے کو تربیت دلائیں۔',
      sd: 'سافٽ ويئر، مصنوعي ذهانت، بگ ڊيٽا ۽ مواصلات: منصوبا وٺو، ڀائيوار ڳوليو، عملي کي تربيت ڏياريو.',
      zh: '软件、人工智能、大数据和通信：承接项目、寻找伙伴、培训员工。',
    },
  },
  {
    code: 'special-economic-zones', kind: 'sector', priority: true, paragraphs: [10],
    name: { en: 'Special economic zones', ur: 'خصوصی اقتصادی زون', sd: 'خاص اقتصادي زون', zh: '经济特区' },
    summary: {
      en: 'Plots and services in zones such as Dhabeji and Khairpur, alone or with a Chinese partner.',
      ur: 'دھابیجی اور خیرپور جیسے زونوں میں پلاٹ اور سہولتیں، اکیلے یا چینی شریک کے ساتھ۔',
      sd: 'ڌاٻيجي ۽ خيرپور جهڙن زونن ۾ پلاٽ ۽ سهولتون، اڪيلي سر يا چيني ڀائيوار سان.',
      zh: '达贝吉、海尔布尔等特区的地块与服务，可独自进入或与中方伙伴合作。',
    },
  },
  {
    code: 'export-industry', kind: 'sector', priority: true, paragraphs: [10, 15],
    name: { en: 'Export-oriented industry', ur: 'برآمدی صنعت', sd: 'برآمدي صنعت', zh: '出口导向型工业' },
    summary: {
      en: 'Manufactured goods for abroad, from yarn and leather to bangles and castings: buyers, machines and joint ventures.',
      ur: 'باہر بھیجنے کے لیے تیار مال، دھاگے اور چمڑے سے چوڑیوں اور کاسٹنگ تک: خریدار، مشینیں اور مشترکہ منصوبے۔',
      sd: 'ٻاهر موڪلڻ لاءِ تيار مال، سُٽ ۽ چمڙي کان چوڙين ۽ ڪاسٽنگ تائين: خريدار، مشينون ۽ گڏيل منصوبا.',
      zh: '面向国外的制成品，从棉纱、皮革到手镯、铸件：买家、机械与合资。',
    },
  },
  // Wider sectors
  {
    code: 'power', kind: 'sector', paragraphs: [13],
    name: { en: 'Power', ur: 'بجلی اور توانائی', sd: 'بجلي ۽ توانائي', zh: '电力' },
    summary: {
      en: 'Efficient equipment, solar and storage for factories, and supply to utilities.',
      ur: 'کارخانوں کے لیے کم خرچ آلات، سولر اور اسٹوریج، اور بجلی کمپنیوں کو سپلائی۔',
      sd: 'ڪارخانن لاءِ گهٽ خرچ اوزار، سولر ۽ اسٽوريج، ۽ بجلي ڪمپنين کي سپلاءِ.',
      zh: '工厂节能设备、光伏与储能，以及向电力公司供货。',
    },
  },
  {
    code: 'transport-logistics', kind: 'sector', paragraphs: [9],
    name: { en: 'Transport and logistics', ur: 'نقل و حمل اور لاجسٹکس', sd: 'ٽرانسپورٽ ۽ لاجسٽڪس', zh: '交通与物流' },
    summary: {
      en: 'Rail, road, port and air freight: carry, store and clear goods between Sindh and China.',
      ur: 'ریل، سڑک، بندرگاہ اور فضائی مال برداری: سندھ اور چین کے درمیان مال کی ترسیل، گودام اور کلیئرنس۔',
      sd: 'ريل، روڊ، بندرگاهه ۽ هوائي مال برداري: سنڌ ۽ چين وچ ۾ مال جي ترسيل، گودام ۽ ڪليئرنس.',
      zh: '铁路、公路、港口与空运：信德省与中国之间的运输、仓储和清关。',
    },
  },
  {
    code: 'finance-banking', kind: 'sector', paragraphs: [15],
    name: { en: 'Finance and banking', ur: 'مالیات اور بینکاری', sd: 'ماليات ۽ بئنڪاري', zh: '金融与银行' },
    summary: {
      en: 'Payment, letters of credit, insurance and finance for trade with China.',
      ur: 'چین کے ساتھ تجارت کے لیے ادائیگی، ایل سی، بیمہ اور سرمایہ۔',
      sd: 'چين سان واپار لاءِ ادائيگي، ايل سي، بيمو ۽ سرمايو.',
      zh: '对华贸易的支付、信用证、保险与融资。',
    },
  },
  {
    code: 'health-herbal', kind: 'sector', paragraphs: [16],
    name: { en: 'Health and herbal medicine', ur: 'صحت اور جڑی بوٹیوں کی ادویات', sd: 'صحت ۽ جڙي ٻوٽين جون دوائون', zh: '卫生与草药' },
    summary: {
      en: 'Medicinal plants, extracts, medicines and health supplies, with testing and joint production.',
      ur: 'ادویاتی پودے، عرقیات، دوائیں اور طبی سامان، جانچ اور مشترکہ تیاری کے ساتھ۔',
      sd: 'دوائن وارا ٻوٽا، عرق، دوائون ۽ طبي سامان، جاچ ۽ گڏيل تياريءَ سان.',
      zh: '药用植物、提取物、药品和卫生用品，以及检测与合作生产。',
    },
  },
  {
    code: 'education-vocational', kind: 'sector', paragraphs: [17, 16],
    name: { en: 'Education and vocational training', ur: 'تعلیم اور فنی تربیت', sd: 'تعليم ۽ فني تربيت', zh: '教育与职业培训' },
    summary: {
      en: 'Technical courses, Chinese language and staff training for firms and their workers.',
      ur: 'فرموں اور کارکنوں کے لیے فنی کورس، چینی زبان اور عملے کی تربیت۔',
      sd: 'ڪمپنين ۽ ڪارڪنن لاءِ فني ڪورس، چيني ٻولي ۽ عملي جي تربيت.',
      zh: '面向企业和工人的技术课程、汉语学习和员工培训。',
    },
  },
  {
    code: 'climate-resilience', kind: 'sector', paragraphs: [16],
    name: { en: 'Climate and disaster resilience', ur: 'موسمیاتی تحفظ اور آفات سے بچاؤ', sd: 'موسمياتي تحفظ ۽ آفتن کان بچاءُ', zh: '气候与防灾' },
    summary: {
      en: 'Water saving, flood and heat protection, clean energy and relief goods.',
      ur: 'پانی کی بچت، سیلاب اور گرمی سے بچاؤ، صاف توانائی اور امدادی سامان۔',
      sd: 'پاڻيءَ جي بچت، ٻوڏ ۽ گرميءَ کان بچاءُ، صاف توانائي ۽ امدادي سامان.',
      zh: '节水、防洪防暑、清洁能源和救灾物资。',
    },
  },
  {
    code: 'media-culture', kind: 'sector', paragraphs: [17],
    name: { en: 'Media, film and culture', ur: 'میڈیا، فلم اور ثقافت', sd: 'ميڊيا، فلم ۽ ثقافت', zh: '媒体、影视与文化' },
    summary: {
      en: 'Film, print, digital content and crafts that bring Sindh to a Chinese public, and the other way round.',
      ur: 'فلم، طباعت، ڈیجیٹل مواد اور دستکاری، جو سندھ کو چینی عوام تک اور چین کو یہاں تک پہنچائے۔',
      sd: 'فلم، ڇپائي، ڊجيٽل مواد ۽ هٿ جو هنر، جيڪو سنڌ کي چيني عوام تائين ۽ چين کي هتي تائين پهچائي.',
      zh: '影视、出版、数字内容和手工艺，让中国公众认识信德，也让本地了解中国。',
    },
  },
  {
    code: 'space', kind: 'sector', paragraphs: [18],
    name: { en: 'Space applications', ur: 'خلائی ٹیکنالوجی کے استعمال', sd: 'خلائي ٽيڪنالاجيءَ جا استعمال', zh: '航天应用' },
    summary: {
      en: 'Satellite images, positioning and data services for farming, water and planning.',
      ur: 'زراعت، پانی اور منصوبہ بندی کے لیے سیٹلائٹ تصاویر، پوزیشننگ اور ڈیٹا خدمات۔',
      sd: 'زراعت، پاڻي ۽ رٿابنديءَ لاءِ سيٽلائيٽ تصويرون، پوزيشننگ ۽ ڊيٽا جون خدمتون.',
      zh: '用于农业、水利和规划的卫星影像、定位与数据服务。',
    },
  },
  // Corridors
  {
    code: 'growth', kind: 'corridor', paragraphs: [8],
    name: { en: 'Growth corridor', ur: 'ترقی کی راہداری', sd: 'واڌ جي راهداري', zh: '增长走廊' },
    summary: {
      en: 'Projects that raise output and exports, such as new plants and larger orders.',
      ur: 'پیداوار اور برآمد بڑھانے والے منصوبے، جیسے نئے کارخانے اور بڑے آرڈر۔',
      sd: 'پيداوار ۽ برآمد وڌائيندڙ منصوبا، جهڙوڪ نوان ڪارخانا ۽ وڏا آرڊر.',
      zh: '提高产量和出口的项目，如新建工厂和较大订单。',
    },
  },
  {
    code: 'livelihood', kind: 'corridor', paragraphs: [8],
    name: { en: 'Livelihood corridor', ur: 'روزگار کی راہداری', sd: 'روزگار جي راهداري', zh: '民生走廊' },
    summary: {
      en: 'Work that brings income and services to households, small growers and home-based makers.',
      ur: 'ایسا کام جو گھرانوں، چھوٹے کاشتکاروں اور گھریلو کاریگروں تک آمدن اور سہولت پہنچائے۔',
      sd: 'اهڙو ڪم جيڪو گهرن، ننڍن آبادگارن ۽ گهريلو ڪاريگرن تائين آمدني ۽ سهولت پهچائي.',
      zh: '为家庭、小农户和家庭作坊带来收入与服务的合作。',
    },
  },
  {
    code: 'innovation', kind: 'corridor', paragraphs: [8, 14],
    name: { en: 'Innovation corridor', ur: 'جدت کی راہداری', sd: 'جدت جي راهداري', zh: '创新走廊' },
    summary: {
      en: 'Software, data, research and new technology, with Chinese companies as customers or partners.',
      ur: 'سافٹ ویئر، ڈیٹا، تحقیق اور نئی ٹیکنالوجی، جس میں چینی کمپنیاں گاہک یا شریک ہوں۔',
      sd: 'سافٽ ويئر، ڊيٽا، تحقيق ۽ نئين ٽيڪنالاجي، جنهن ۾ چيني ڪمپنيون گراهڪ يا ڀائيوار هجن.',
      zh: '软件、数据、研发和新技术，中国企业作为客户或伙伴。',
    },
  },
  {
    code: 'green', kind: 'corridor', paragraphs: [8],
    name: { en: 'Green corridor', ur: 'سبز راہداری', sd: 'سائي راهداري', zh: '绿色走廊' },
    summary: {
      en: 'Clean energy, water saving and lower emissions in factories and fields.',
      ur: 'کارخانوں اور کھیتوں میں صاف توانائی، پانی کی بچت اور کم آلودگی۔',
      sd: 'ڪارخانن ۽ ٻنين ۾ صاف توانائي، پاڻيءَ جي بچت ۽ گهٽ گدلاڻ.',
      zh: '工厂和农田的清洁能源、节水与减排。',
    },
  },
  {
    code: 'open', kind: 'corridor', paragraphs: [8],
    name: { en: 'Open corridor', ur: 'کھلی راہداری', sd: 'کليل راهداري', zh: '开放走廊' },
    summary: {
      en: 'Easier trade, expos, zones and partners from third countries.',
      ur: 'آسان تجارت، نمائشیں، زون اور تیسرے ملکوں کے شریک۔',
      sd: 'آسان واپار، نمائشون، زون ۽ ٽين ملڪن جا ڀائيوار.',
      zh: '更便利的贸易、展会、园区以及第三方伙伴。',
    },
  },
  // Platforms
  {
    code: 'ciie', kind: 'platform', paragraphs: [15],
    name: { en: 'China International Import Expo', ur: 'چائنا انٹرنیشنل امپورٹ ایکسپو', sd: 'چائنا انٽرنيشنل امپورٽ ايڪسپو', zh: '中国国际进口博览会' },
    summary: {
      en: 'Yearly fair in Shanghai, 5-10 November, where foreign goods are shown to Chinese buyers; places go through the chamber.',
      ur: 'شنگھائی میں ہر سال 5 سے 10 نومبر تک کا میلہ، جہاں غیر ملکی مال چینی خریداروں کو دکھایا جاتا ہے؛ جگہ چیمبر کے ذریعے ملتی ہے۔',
      sd: 'شنگھائيءَ ۾ هر سال 5 کان 10 نومبر تائين لڳندڙ ميلو، جتي پرڏيهي مال چيني خريدارن کي ڏيکاريو وڃي ٿو؛ جاءِ چيمبر ذريعي ملي ٿي.',
      zh: '每年11月5日至10日在上海举办，向中国买家展示外国商品；展位由商会安排。',
    },
  },
  {
    code: 'china-south-asia-expo', kind: 'platform', paragraphs: [15],
    name: { en: 'China-South Asia Expo', ur: 'چین جنوبی ایشیا ایکسپو', sd: 'چين ڏکڻ ايشيا ايڪسپو', zh: '中国-南亚博览会' },
    summary: {
      en: 'Fair in Kunming for goods of South Asia; suits crafts, fruit and food.',
      ur: 'کنمنگ میں جنوبی ایشیا کے مال کی نمائش؛ دستکاری، پھل اور خوراک کے لیے موزوں۔',
      sd: 'ڪنمنگ ۾ ڏکڻ ايشيا جي مال جي نمائش؛ هٿ جي هنر، ميون ۽ خوراڪ لاءِ مناسب.',
      zh: '在昆明举办的南亚商品展会，适合手工艺品、水果和食品。',
    },
  },
  {
    code: 'cpfta-2', kind: 'platform', paragraphs: [15],
    name: { en: 'China-Pakistan FTA, Phase II', ur: 'چین پاکستان آزاد تجارتی معاہدہ، مرحلہ 2', sd: 'چين پاڪستان آزاد واپاري معاهدو، مرحلو 2', zh: '中巴自贸协定第二阶段' },
    summary: {
      en: 'Lower or no duty for listed goods with a certificate of origin: check the 6-digit code before quoting.',
      ur: 'فہرست میں شامل مال پر سرٹیفکیٹ آف اوریجن کے ساتھ کم یا صفر ڈیوٹی: نرخ دینے سے پہلے 6 ہندسوں کا کوڈ دیکھ لیں۔',
      sd: 'فهرست ۾ شامل مال تي سرٽيفڪيٽ آف اوريجن سان گهٽ يا ٻڙي ڊيوٽي: اگهه ڏيڻ کان اڳ 6 انگن وارو ڪوڊ ڏسو.',
      zh: '清单内商品凭原产地证书享受低税或零税，报价前请核对6位编码。',
    },
  },
  {
    code: 'sez', kind: 'platform', paragraphs: [10],
    name: { en: 'Zone authorities and operators', ur: 'اقتصادی زون کے ادارے', sd: 'اقتصادي زون جا ادارا', zh: '特区管理与运营机构' },
    summary: {
      en: 'The channel through which a firm learns about plots, terms and the neighbours in a special economic zone.',
      ur: 'وہ ذریعہ جس سے فرم کو خصوصی اقتصادی زون کے پلاٹ، شرائط اور ہمسایہ کارخانوں کا پتا چلتا ہے۔',
      sd: 'اهو ذريعو جنهن مان ڪمپنيءَ کي خاص اقتصادي زون جي پلاٽن، شرطن ۽ پاڙيسري ڪارخانن جي خبر پوي ٿي.',
      zh: '企业了解经济特区地块、条件和园区内其他企业的渠道。',
    },
  },
  {
    code: 'cpec-jcc', kind: 'platform', paragraphs: [8],
    name: { en: 'CPEC Joint Cooperation Committee', ur: 'سی پیک مشترکہ تعاون کمیٹی', sd: 'سي پيڪ گڏيل سهڪار ڪاميٽي', zh: '中巴经济走廊联合合作委员会' },
    summary: {
      en: 'The committee of both governments that plans CPEC projects; the chamber can forward proposals of its members.',
      ur: 'دونوں حکومتوں کی کمیٹی جو سی پیک منصوبے طے کرتی ہے؛ چیمبر ارکان کی تجاویز آگے بھیج سکتا ہے۔',
      sd: 'ٻنهي حڪومتن جي ڪاميٽي جيڪا سي پيڪ منصوبا طئي ڪري ٿي؛ چيمبر ميمبرن جون تجويزون اڳتي موڪلي سگهي ٿو.',
      zh: '两国政府规划中巴经济走廊项目的委员会；商会可转交会员的建议。',
    },
  },
  {
    code: 'b2b', kind: 'platform', paragraphs: [15],
    name: { en: 'Business-to-business co-operation', ur: 'کاروبار سے کاروبار تعاون', sd: 'ڪاروبار کان ڪاروبار سهڪار', zh: '企业对企业合作' },
    summary: {
      en: 'Direct contact between a member firm and a Chinese company, introduced by the chamber.',
      ur: 'رکن فرم اور چینی کمپنی کا براہِ راست رابطہ، چیمبر کے تعارف سے۔',
      sd: 'ميمبر ڪمپني ۽ چيني ڪمپنيءَ جو سڌو رابطو، چيمبر جي واقفيت سان.',
      zh: '由商会引荐，会员企业与中国公司直接联系。',
    },
  },
  // Instruments
  {
    code: 'joint-venture', kind: 'instrument', paragraphs: [15],
    name: { en: 'Joint venture in a priority area', ur: 'ترجیحی شعبے میں مشترکہ منصوبہ', sd: 'ترجيحي شعبي ۾ گڏيل منصوبو', zh: '重点领域合资' },
    summary: {
      en: 'A shared company with a Chinese partner: each brings capital, land, machines, skill or market.',
      ur: 'چینی شریک کے ساتھ مشترکہ کمپنی: ہر فریق سرمایہ، زمین، مشینیں، ہنر یا منڈی لاتا ہے۔',
      sd: 'چيني ڀائيوار سان گڏيل ڪمپني: هر ڌر سرمايو، زمين، مشينون، هنر يا مارڪيٽ آڻي ٿي.',
      zh: '与中方伙伴共同设立公司，各方投入资金、土地、机器、技术或市场。',
    },
  },
  {
    code: 'export-to-china', kind: 'instrument', paragraphs: [15],
    name: { en: 'Export to China', ur: 'چین کو برآمد', sd: 'چين ڏانهن برآمد', zh: '对华出口' },
    summary: {
      en: 'Sale of goods or services to a buyer in China, with the papers and registrations that China asks for.',
      ur: 'چین کے خریدار کو مال یا خدمات کی فروخت، ان کاغذات اور رجسٹریشن کے ساتھ جو چین مانگتا ہے۔',
      sd: 'چين جي خريدار کي مال يا خدمتن جو وڪرو، انهن ڪاغذن ۽ رجسٽريشن سان جيڪي چين گهري ٿو.',
      zh: '向中国买家出售商品或服务，并备齐中方要求的单证与注册。',
    },
  },
  {
    code: 'sez-investment', kind: 'instrument', paragraphs: [10],
    name: { en: 'Investment in a special economic zone', ur: 'خصوصی اقتصادی زون میں سرمایہ کاری', sd: 'خاص اقتصادي زون ۾ سيڙپڪاري', zh: '特区投资' },
    summary: {
      en: 'Take a plot and build in a zone; ask the operator which incentives apply now.',
      ur: 'زون میں پلاٹ لے کر کارخانہ لگائیں؛ موجودہ مراعات زون آپریٹر سے معلوم کریں۔',
      sd: 'زون ۾ پلاٽ وٺي ڪارخانو لڳايو؛ هاڻوڪيون رعايتون زون آپريٽر کان معلوم ڪريو.',
      zh: '在特区取得地块建厂；现行优惠请向运营方核实。',
    },
  },
  {
    code: 'survey-cooperation', kind: 'instrument', paragraphs: [11],
    name: { en: 'Survey co-operation', ur: 'سروے میں تعاون', sd: 'سروي ۾ سهڪار', zh: '勘查合作' },
    summary: {
      en: 'Joint geological work on land and at sea; local firms can sample, drill, transport and advise.',
      ur: 'خشکی اور سمندر میں مشترکہ ارضیاتی کام؛ مقامی فرمیں نمونے لے سکتی ہیں، ڈرلنگ، نقل و حمل اور مشاورت کر سکتی ہیں۔',
      sd: 'زمين ۽ سمنڊ تي گڏيل ارضياتي ڪم؛ مقامي ڪمپنيون نمونا وٺي، ڊرلنگ، ٽرانسپورٽ ۽ صلاحڪاري ڪري سگهن ٿيون.',
      zh: '陆上和海上的联合地质工作，本地企业可承担取样、钻探、运输和咨询。',
    },
  },
  {
    code: 'technology-training', kind: 'instrument', paragraphs: [14, 16, 17],
    name: { en: 'Technology and training', ur: 'ٹیکنالوجی اور تربیت', sd: 'ٽيڪنالاجي ۽ تربيت', zh: '技术与培训' },
    summary: {
      en: 'Transfer of know-how and courses for specialists, farmers and workers.',
      ur: 'ماہرین، کاشتکاروں اور کارکنوں کے لیے فنی مہارت کی منتقلی اور کورس۔',
      sd: 'ماهرن، آبادگارن ۽ ڪارڪنن لاءِ فني مهارت جي منتقلي ۽ ڪورس.',
      zh: '向专业人员、农户和工人转让技术、开设课程。',
    },
  },
  {
    code: 'third-party', kind: 'instrument', paragraphs: [10],
    name: { en: 'Third-party participation', ur: 'تیسرے فریق کی شرکت', sd: 'ٽين ڌر جي شرڪت', zh: '第三方参与' },
    summary: {
      en: 'A company from another country joins a project of Pakistani and Chinese partners.',
      ur: 'کسی اور ملک کی کمپنی پاکستانی اور چینی شرکا کے منصوبے میں شامل ہوتی ہے۔',
      sd: 'ڪنهن ٻئي ملڪ جي ڪمپني پاڪستاني ۽ چيني ڀائيوارن جي منصوبي ۾ شامل ٿئي ٿي.',
      zh: '其他国家的公司加入巴中伙伴的项目。',
    },
  },
  {
    code: 'livelihood-project', kind: 'instrument', paragraphs: [16],
    name: { en: 'Small livelihood project', ur: 'روزگار کا چھوٹا منصوبہ', sd: 'روزگار جو ننڍو منصوبو', zh: '小型民生项目' },
    summary: {
      en: 'A modest, visible project for a community, in which local firms can supply goods or work.',
      ur: 'کسی آبادی کے لیے چھوٹا مگر نمایاں منصوبہ، جس میں مقامی فرمیں سامان یا کام دے سکتی ہیں۔',
      sd: 'ڪنهن آباديءَ لاءِ ننڍو پر نمايان منصوبو، جنهن ۾ مقامي ڪمپنيون سامان يا ڪم ڏئي سگهن ٿيون.',
      zh: '规模不大、社区可见成效的项目，本地企业可供货或承接工作。',
    },
  },
];
