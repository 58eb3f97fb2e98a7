import type { MakerKey } from './palettes.ts';

/** What a maker's own page tells, paragraph by paragraph. */
export const MAKER_STORIES: Record<MakerKey, readonly string[]> = {
  kerameas: [
    'Margarites has dug its clay from the same hillside for some four hundred years. When Eleni and Stavros Kerameas came back from the merchant navy in 1974, most of the big storage-jar kilns had gone cold. They rented one, roofed it, and began with what the village still knew how to use: water jugs, yoghurt bowls, pots for basil.',
    'Today their daughter runs the workshop with four throwers. Every piece is thrown in one sitting, turned the next morning and fired twice. The pale glazes are olive-wood ash and local dolomite; the blue is a pinch of cobalt that Stavros measured with a coffee spoon, and so does she.',
    'The bare foot on every pot is on purpose. It shows the clay, grips the table, and tells you whose hands left the last fingerprint.',
  ],
  arber: [
    'Under the Großer Arber the sand is fine and the winters long, and both are good for glass. Arber Glas was founded by seven journeymen in 1921 as a cooperative; three of their great-grandchildren still hold the pipes.',
    'The colours come from metal, never from paint: iron for forest green, a trace of manganese for heather, sulphur and coal for amber. A vase takes eleven minutes from gather to lehr, and a night to cool. Beech moulds burn away a little with each blow, so a shape lives for about three hundred pieces and then is cut anew.',
    'Glass that cracks in the lehr goes straight back to the furnace. About a third of each carafe has been something else before.',
  ],
  ekhult: [
    'Ekhult began as a school bench. In 1958 the parish of Ekhult needed forty of them and one carpenter, Gunnar, who was tired of mending other makers’ joints, drew a seat that could be taken apart with the tuning key of a pump organ. The benches are still in use, and the key is still in the box.',
    'The oak comes from farms around Värnamo, felled in winter and stacked outdoors for two years before it sees a kiln. Seats are woven with Danish paper cord, about a hundred and twenty metres for a chair, by people who can do it while talking.',
    'Send a chair back after thirty years and it will be re-glued, re-woven and returned with a new date burnt under the seat. Some have four.',
  ],
  upyte: [
    'When the linen mill in Panevėžys closed in 1992, Rasa, Daiva and Jurga Upytė bought four of its looms with their severance pay and moved them, over one summer, into a barn. There was flax in the fields and nobody to weave it.',
    'There are eleven looms now. The yarn is spun wet for a smooth thread and dyed in small lots, so a colour may shift a shade between seasons; the label says which lot yours is from. Everything is stone-washed with soft water and hung, not tumbled.',
    'Linen is the rare cloth that gains strength when wet and grace when worn. The sisters’ mother still uses a towel from the first week. She has been offered a new one.',
  ],
  teviot: [
    'The Teviot falls just enough at Hawick to turn a wheel, and since 1887 it has turned this one. The mill cards, spins, dyes, weaves and finishes under one roof: a fleece that comes in at the north door leaves from the south one as a blanket.',
    'Most of the wool is from Cheviot and Blackface flocks within sight of the chimney. It is scoured with plain soap, dyed in river water and raised with real teasels, because steel wire tears what it should only coax.',
    'The pattern books fill a wall. Nearly every design sold today is in them somewhere, with a note in pencil on what was changed, and by whom, and whether it was an improvement.',
  ],
  chiaro: [
    'Bassano has arcades so that people can talk in the rain. Under one of them, in 1966, Aldo Chiaro began spinning brass for a church that never paid; he turned the candlesticks upside down, added a bulb, and sold them as lamps.',
    'The brass is still spun by hand, over beech forms that darken with each shade. Paper shades are pleated wet and dried on the form, so that they keep their folds without wire. Raw brass is left unlacquered on purpose: it browns where it is touched and stays bright where it is not, and after a year it knows your hands.',
    'A lamp is tested by leaving it on overnight in the shop window. The people of Bassano have come to rely on it.',
  ],
  combe: [
    'The road through Morez is one street wide, and for two centuries it made the enamel faces for half of Europe’s clocks. The Combe opened in 1934, late to the trade, and survived by dipping whatever came: dials, street numbers, coffee pots.',
    'Steel is cut, pressed and pickled, then dipped in ground glass and fired at 820 degrees, three times. The rim is drawn on by brush at the end, in one turn of the wrist. New workers practise on plates for a year; the practice plates are what the canteen eats from.',
    'Enamel does not stain, does not keep a taste and does not fade. What it does is chip when dropped, and every mug in the valley has a chip with a story.',
  ],
  verga: [
    'Gonçalo sits on a slope of the Serra da Estrela with willow at the bottom and weavers at the top. Casa Verga was set up in 1949 so that the weavers could sell together, instead of each walking to the market in Guarda with what would fit on a back.',
    'Rods are cut in the coldest weeks, sorted by length, and boiled so that the bark slips. A log basket takes five hours, a cradle two days. The rim is the hard part: there the ends of every rod must disappear, and an apprentice is not paid for rims until nobody can find one.',
    'The price of each form is written on the wall of the house, and has been since the beginning. What changes is who is teaching whom.',
  ],
};
