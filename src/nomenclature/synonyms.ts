import { formOf } from './tokens.js';

/** English words for one thing: British and American, shop and tariff. What is said by one is also looked up by the others, as a good guess. */
const GROUPS =
  'truck lorry; spanner wrench; aerial antenna; tap faucet; torch flashlight; nappy diaper; petrol gasoline; lift elevator; sweater jumper pullover; trousers pants slacks; ' +
  'pram stroller pushchair; rubbish garbage refuse trash; bin dustbin; maize corn; aubergine eggplant brinjal; courgette zucchini; coriander cilantro; prawn shrimp; groundnut peanut; ' +
  'couch sofa settee; wardrobe closet almirah; cupboard cabinet; curtain drape; carpet rug; receptacle container vessel; bicycle bike cycle; motorcycle motorbike; car automobile; ' +
  'aircraft aeroplane airplane; fridge refrigerator; mincer grinder; crusher pulveriser; jug pitcher; bucket pail; medicament medicine drug; pharmaceutical medicine; glue adhesive; ' +
  'perfume fragrance scent; dentifrice toothpaste; lid cap; statuette figurine statue; ornament decoration; apparel clothing garment; footwear shoe; hosiery stocking; headgear hat; ' +
  'spectacle eyewear glasses; luminaire lamp; battery accumulator; television tv; telephone phone; gauge meter; razor shaver; fertiliser manure; pesticide insecticide; ' +
  'appliance apparatus device; equipment apparatus; machinery machine; pullover jersey; hoover vacuum; biro ballpoint; wool woollen; timber wood; lumber timber; sawn sawmilled; ' +
  'cooker stove; hob stove; kerosene paraffin; methylated denatured; whisky whiskey; beverage drink; liquor spirit; confectionery sweet candy; sweets candy; biscuit cookie; crisps chips; ' +
  'tinned canned; jam preserve; cattle bovine; pig swine hog; pork swine; sheep ovine; poultry chicken; fowl chicken; donkey ass; tyre tire; windscreen windshield; bonnet hood; boot trunk; ' +
  'gearbox transmission; silencer muffler exhaust; mudguard fender; coach bus; wagon railcar; pulley sheave; hoist winch; crane derrick; excavator digger; bulldozer dozer; mower lawnmower; ' +
  'thresher harvester; sprayer atomiser; hose tube; pipe tube; cord rope; twine string; netting net; bag sack; sheeting sheet; film foil; board panel; plank board; gypsum plaster; ' +
  'earthenware pottery; porcelain china; crockery tableware; cutlery flatware; saucepan pan pot; kettle pot; chinaware porcelain; goblet tumbler; bulb lamp; fuse cutout; lead cable; ' +
  'loudspeaker speaker; headphone earphone headset; microphone mic; monitor display; notebook laptop; disc disk; memory storage; scale balance; syringe needle; prosthesis implant; ' +
  'hearing-aid deaf-aid; wheelchair carriage; necktie tie; brassiere bra; nightdress nightgown nightie; underpants briefs; tights pantyhose; anorak parka windcheater; overcoat coat; ' +
  'raincoat mackintosh; waistcoat vest; singlet vest; handkerchief hankie; towel towelling; quilt duvet eiderdown; pillow cushion; bedspread counterpane; sacking hessian burlap; canvas tarpaulin; ' +
  'flour meal; seed kernel; nut kernel; herb plant; pulse lentil; gram chickpea; onion shallot; molasses treacle; curd yogurt; ghee butter; offal innards; hide skin; pelt fur; bristle hair';

const OTHERS = new Map<string, Set<string>>();
for (const group of GROUPS.split('; ')) {
  const forms = group.split(' ').map(formOf);
  for (const form of forms) {
    const others = OTHERS.get(form) ?? new Set<string>();
    for (const other of forms) if (other !== form) others.add(other);
    OTHERS.set(form, others);
  }
}

/** Other English words for the same thing; forms in, forms out. */
export const synonymsOf = (form: string): ReadonlySet<string> | undefined => OTHERS.get(form);
