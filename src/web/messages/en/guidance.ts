/** Keys begin with `desk.guidance`. */
export const guidance = {
  'desk.guidance': 'Guidance',
  'desk.guidance.lead':
    'What left its own past, why, and what would help. Each figure is judged beside its own weekdays, trend and year; of a day’s findings one in a hundred is chance at most.',
  'desk.guidance.home': {
    one: '{count} figure is out of the ordinary.',
    other: '{count} figures are out of the ordinary.',
  },
  'desk.guidance.home.see': 'See what changed',
  'desk.guidance.findings': 'Out of the ordinary',
  'desk.guidance.states': 'Findings by state',
  'desk.guidance.state.open': 'Now',
  'desk.guidance.state.over': 'Over',
  'desk.guidance.state.withdrawn': 'Taken back',
  'desk.guidance.none.open.title': 'Everything goes its usual way',
  'desk.guidance.none.open.text':
    'Figures are judged every hour for the days that are over, once there are nine weeks of them.',
  'desk.guidance.none.over.title': 'Nothing has been out of the ordinary',
  'desk.guidance.none.over.text': 'What was and has ended is kept here.',
  'desk.guidance.none.withdrawn.title': 'Nothing was taken back',
  'desk.guidance.none.withdrawn.text': 'What turned out to be right by figures that came late is kept here.',
  'desk.guidance.what': 'Figure',
  'desk.guidance.name': '{metric}, {region}',
  'desk.guidance.all_regions': 'all regions',
  'desk.guidance.since': 'Days',
  'desk.guidance.days': '{from} to {to}',
  'desk.guidance.judged': 'Judged',
  'desk.guidance.span.1': 'the day',
  'desk.guidance.span.7': 'seven days',
  'desk.guidance.told.open': 'It is so now.',
  'desk.guidance.told.over': 'It is over: a week has gone its usual way since.',
  'desk.guidance.told.withdrawn':
    'It was taken back: figures that came late say that nothing was the matter.',
  'desk.guidance.withdrawn_days': 'No day of it is out of the ordinary any more.',
  'desk.guidance.summary.1':
    'On {day} it came to {observed}, where {expected} was expected and anything from {low} to {high} would have been usual.',
  'desk.guidance.summary.7':
    'In the seven days up to {day} it came to {observed}, where {expected} was expected and anything from {low} to {high} would have been usual.',
  'desk.guidance.history': 'Day by day',
  'desk.guidance.history.band':
    'The grey band is what would have been usual: of days on which nothing happens, one in hundreds lies outside of it.',
  'desk.guidance.history.label': '{name}, day by day around {from} to {to}, with what was expected',
  'desk.guidance.point': '{day}: {value}, expected {expected}',
  'desk.guidance.change': 'What the change consists of',
  'desk.guidance.change.text':
    '{now} from {from} to {to}, beside {before} on the same weekdays from {beforeFrom} to {beforeTo}.',
  'desk.guidance.part.volume': 'As much more or less of everything',
  'desk.guidance.part.mix': 'More or less of what brings more',
  'desk.guidance.part.rate': 'Each brings more or less',
  'desk.guidance.part.returns': 'More or less came back',
  'desk.guidance.part.cancellations': 'More or less was cancelled',
  'desk.guidance.parts_by.region': 'Compared country by country. The parts add up to the change.',
  'desk.guidance.parts_by.area': 'Compared area by area. The parts add up to the change.',
  'desk.guidance.parts_by.customer':
    'Compared by new and returning customers. The parts add up to the change.',
  'desk.guidance.parts_by.category': 'Compared category by category. The parts add up to the change.',
  'desk.guidance.parts_by.brand': 'Compared brand by brand. The parts add up to the change.',
  'desk.guidance.parts_by.product': 'Compared product by product. The parts add up to the change.',
  'desk.guidance.parts_by.store': 'Compared store by store. The parts add up to the change.',
  'desk.guidance.by.region': 'Country',
  'desk.guidance.by.area': 'Area',
  'desk.guidance.by.customer': 'Customer',
  'desk.guidance.by.category': 'Category',
  'desk.guidance.by.brand': 'Brand',
  'desk.guidance.by.product': 'Product',
  'desk.guidance.by.store': 'Store credited',
  'desk.guidance.on_map': 'See these days on the map',
  'desk.guidance.observed': 'Came to',
  'desk.guidance.expected': 'Expected',
  'desk.guidance.away': 'Difference',
  'desk.guidance.adjustments': 'What would help',
  'desk.guidance.adjustments.lead':
    'From the stock as it is, what was sent in {weeks} weeks and how it arrived. Somebody decides; nothing is done by itself.',
  'desk.guidance.adjustments.none.title': 'Nothing to move, keep back or ask a carrier',
  'desk.guidance.adjustments.none.text': 'Stock and deliveries are looked through every night.',
  'desk.guidance.decided': 'Decided',
  'desk.guidance.move': 'Move {units} × {what} from {from} to {to}',
  'desk.guidance.move.why':
    '{to} has none left and sent {sent} in {weeks} weeks, so it needs {need} in {cover} weeks; {incoming} are on their way. {from} has {available} and keeps {kept}, its need of {keep} weeks.',
  'desk.guidance.move.brings': '{units} units sold that would not be: {worth}',
  'desk.guidance.move.brings.unpriced': '{units} units sold that would not be',
  'desk.guidance.worth': '{units} × {price} = {sum}',
  'desk.guidance.move.do': 'Enter the transfer',
  'desk.guidance.keep': 'Keep back {units} × {what} at {where}',
  'desk.guidance.keep.why':
    '{counts} counts in {weeks} weeks found fewer than the books said, {most} at the most; {safety} are kept back now.',
  'desk.guidance.keep.brings': '{units} units that would not be promised and then be missing: {worth}',
  'desk.guidance.keep.brings.unpriced': '{units} units that would not be promised and then be missing',
  'desk.guidance.keep.do': 'Open its stock',
  'desk.guidance.carrier': 'Ask {carrier} why it comes late in {where}',
  'desk.guidance.carrier.why':
    'From {from} to {to}, {late} of {due} shipments ({share}) that left in time came after their promise.',
  'desk.guidance.carrier.others': 'With other carriers there it was {late} of {due} ({share}).',
  'desk.guidance.carrier.elsewhere': 'With {carrier} elsewhere it was {late} of {due} ({share}).',
  'desk.guidance.carrier.brings': {
    one: '{count} shipment more in time in as many days',
    other: '{count} shipments more in time in as many days',
  },
  'desk.guidance.carrier.do': 'See how carriers keep their promises',
  'desk.guidance.carrier.text': 'A text to send',
  'desk.guidance.carrier.text.label': 'To the carrier',
  'desk.guidance.carrier.letter':
    'Dear {carrier} team,\n\nfrom {from} to {to} we gave you {due} shipments for {where} in time. {late} of them ({share}) came after the day we had promised, or have not come.',
  'desk.guidance.carrier.letter.elsewhere':
    'Elsewhere it was {late} of {due} ({share}) with you in the same days.',
  'desk.guidance.carrier.letter.others': 'With other carriers in {where} it was {late} of {due} ({share}).',
  'desk.guidance.carrier.letter.ask':
    'What holds them up in {where}, what will you do about it, and from when on may we rely on your days again?',
  'desk.guidance.rule': 'Routing, {rule}: {becomes} in place of {was}',
  'desk.guidance.rule.cost': 'weight of cost',
  'desk.guidance.rule.promise': 'weight of the promise',
  'desk.guidance.rule.distance': 'weight of distance',
  'desk.guidance.rule.load': 'weight of load',
  'desk.guidance.rule.split': 'several locations',
  'desk.guidance.rule.locations_max': 'locations at most',
  'desk.guidance.rule.why':
    'A dry run on the {orders} orders from {from} to {to}: {cost} to send, now {costNow}; {inTime} in time, now {inTimeNow}; {parcels} parcels, now {parcelsNow}; {fill} of units given, now {fillNow}.',
  'desk.guidance.rule.brings': '{saved} less to send and {orders} orders more in time in as many days',
  'desk.guidance.rule.do': 'Open the rules with this change',
  'desk.routing.proposed': 'This form has a change that guidance proposes. Try it, then put it in force.',
  'desk.guidance.safety': 'Keep {level} × {what} in reserve at {where}, in place of {safety}',
  'desk.guidance.safety.why':
    'It had none on {out} days of {weeks} weeks, on which {lost} would have been sent. On other days it sent {perDay}, give or take {perDayVaries}; a delivery took {lead} days, give or take {leadVaries}, of {deliveries}. The reserve is what lasts in nineteen deliveries of twenty.',
  'desk.guidance.safety.brings': '{days} days fewer without any, and {units} units more, in as many weeks',
  'desk.guidance.safety.worth': ': {worth}',
  'desk.guidance.safety.do':
    'Accepting sets it. What is kept in reserve is not promised and counts as gone, so that more is ordered and moved in time.',
  'desk.guidance.price': 'Price of {what}, {where}: {becomes} in place of {was}',
  'desk.guidance.price.sales_fell':
    '{units} were sold in four weeks, where the twelve before and all else let expect {expected}.',
  'desk.guidance.price.cover_long':
    'The stock lasts {cover} weeks, where it usually lasts {before}; {units} were sold in four weeks.',
  'desk.guidance.price.cover_short':
    'The stock lasts {cover} weeks, where it usually lasts {before}, and nothing is on its way; {units} were sold in four weeks.',
  'desk.guidance.price.answer':
    'One per cent on the price changes what is sold by {value} per cent ({low} to {high}), as {weeks} weeks with sales at {prices} prices show.',
  'desk.guidance.price.others': {
    one: 'This leans on {count} other like it.',
    other: 'This leans on {count} others like it.',
  },
  'desk.guidance.price.brings':
    '{value} above cost in four weeks; in four cases of five between {low} and {high}.',
  'desk.guidance.price.also':
    'Units: {units} ({unitsLow} to {unitsHigh}). Net sales: {net} ({netLow} to {netHigh}). A piece costs {cost}.',
  'desk.guidance.price.do': 'Set this price',
  'desk.guidance.price.set': 'Set the price',
  'desk.guidance.price.set.lead':
    'The price holds as soon as it is set. What it brings is measured from the day after on.',
  'desk.guidance.price.set.amount': 'Price in {currency}',
  'desk.guidance.price.set.done': 'The price is set.',
  'desk.guidance.price.set.fault.same': 'Write another price than the one that holds, and more than nothing.',
  'desk.guidance.price.set.fault.moved':
    'The price was changed since this was proposed. Look at what is proposed tomorrow.',
  'desk.guidance.price.set.fault.over': 'The price of then does not hold any more.',
  'desk.guidance.price.set.fault.uneven': 'It must cost less than the price before that it is shown with.',
  'desk.guidance.price.look': 'Prices were looked at on {day}: {looked} left their own past.',
  'desk.guidance.price.look.of':
    'For {proposed} there is a proposal. Of {unsure} too little is known of how buyers answer to the price, of {uncosted} nobody knows what a piece costs, and for {noBetter} no other price is expected to bring more.',
  'desk.guidance.gone_variant': 'a variant that is not there any more',
  'desk.guidance.gone_place': 'a place that is not there any more',
  'desk.guidance.reason': 'Reason',
  'desk.guidance.reason.hint': 'Needed to decline.',
  'desk.guidance.reason.error': 'Say why it is declined.',
  'desk.guidance.accept': 'Accept',
  'desk.guidance.decline': 'Decline',
  'desk.guidance.verdict.accepted': 'Accepted',
  'desk.guidance.verdict.declined': 'Declined',
  'desk.guidance.verdict': '{verdict} by {who} on {day}',
  'desk.guidance.verdict.reason': '{verdict} by {who} on {day}: {reason}',
  'desk.guidance.somebody': 'somebody',
  'desk.guidance.rules': 'Who is told',
  'desk.guidance.rules.lead':
    'Whoever owns a figure gets a mail when it leaves its own past. Without a rule a finding stands on the desk, and nobody is told.',
  'desk.guidance.rules.back': 'What changed',
  'desk.guidance.rules.none.title': 'Nobody is told yet',
  'desk.guidance.rules.none.text': 'With a rule, a person of the team is told of what they answer for.',
  'desk.guidance.rules.any_metric': 'Any figure',
  'desk.guidance.rules.any_region': 'any region',
  'desk.guidance.rules.region': 'Region',
  'desk.guidance.rules.owner': 'Owner',
  'desk.guidance.rules.gone': 'somebody who has left the team',
  'desk.guidance.rules.muted': 'Muted until',
  'desk.guidance.rules.muted.hint': 'From this day on they are told again. Empty: they are told now.',
  'desk.guidance.rules.end': 'End',
  'desk.guidance.rules.end_of': 'End the rule: {what}',
  'desk.guidance.rules.set': 'A rule',
  'desk.guidance.rules.save': 'Save',
  'desk.guidance.rules.saved': 'Saved.',
  'desk.guidance.rules.ended': 'The rule has ended.',
  'desk.guidance.rules.fault.metric': 'Choose one of the figures.',
  'desk.guidance.rules.fault.owner': 'Choose somebody of the team.',
  'desk.guidance.rules.fault.full': 'There are as many rules as there may be: end one first.',
  'desk.guidance.rules.fault.ended': 'This rule has ended meanwhile.',
  'desk.guidance.rules.fault.day': 'Write a day, such as 2026-06-30.',
  'desk.guidance.done': 'What was done since, and what it brought',
  'desk.guidance.effect': 'What it brought',
  'desk.guidance.effect.too_early': 'It is too early to say: from {day} on there are {days} days to look at.',
  'desk.guidance.effect.too_little.units':
    'That cannot be measured: too little of it was sold in {where} in the eight weeks before.',
  'desk.guidance.effect.too_little.cancelled_units':
    'That cannot be measured: too little of it was cancelled in {where} in the eight weeks before.',
  'desk.guidance.effect.too_little.late_shipments':
    'That cannot be measured: too few of its shipments to {where} left in time, or came late.',
  'desk.guidance.effect.too_little.late_orders':
    'That cannot be measured: too few orders had several places to choose from, or came late, while the rule held.',
  'desk.guidance.effect.too_few.carriers':
    'That cannot be measured: no other carrier brought enough in those weeks to compare with.',
  'desk.guidance.effect.too_few.orders':
    'That cannot be measured: too few orders could be sent by one place alone, and those are what it is compared with.',
  'desk.guidance.effect.not_in_force': 'The rule was not put in force: there is nothing to measure.',
  'desk.guidance.effect.brought.late_shipments':
    '{effect} shipments late, where {hoped} was expected in that time.',
  'desk.guidance.effect.brought.late_orders':
    '{effect} orders late, where {hoped} was expected in that time.',
  'desk.guidance.effect.late.carriers': {
    one: '{observed} came late of what left from {from} to {to}; had its share of late ones gone the way of one other carrier or country, it would have been {expected}.',
    other:
      '{observed} came late of what left from {from} to {to}; had its share of late ones gone the way of {count} other carriers or countries, it would have been {expected}.',
  },
  'desk.guidance.effect.late.unasked': {
    one: '{observed} came late of what left from {from} to {to}; had its share of late ones gone the way of one carrier that was as late and was not asked, it would have been {expected}.',
    other:
      '{observed} came late of what left from {from} to {to}; had its share of late ones gone the way of {count} carriers that were as late and were not asked, it would have been {expected}.',
  },
  'desk.guidance.effect.late.orders':
    'Of orders from {from} to {to} that several places could send, {observed} came late; had their share of late ones gone the way of orders that one place alone could send, it would have been {expected}.',
  'desk.guidance.effect.late.between': 'In four of five cases that lies between {low} and {high}.',
  'desk.guidance.effect.late.hardly': 'What was seen is hardly chance.',
  'desk.guidance.effect.late.maybe': 'What was seen may be chance.',
  'desk.guidance.effect.late.sent': 'Compared with: {carriers}.',
  'desk.guidance.effect.carrier': '{carrier}, {region}',
  'desk.guidance.effect.too_few.markets':
    'That cannot be measured: {markets} other regions have enough of it to compare with, and it takes {least}.',
  'desk.guidance.effect.too_few.goods':
    'That cannot be measured: {markets} other goods sell enough there to compare with, and it takes {least}.',
  'desk.guidance.effect.synthetic.goods':
    'It came to {observed} from {from} to {to}; {markets} other goods, weighed so that together they went the same way before, let expect {expected}.',
  'desk.guidance.effect.brought.units': '{effect} units sold, where {hoped} was expected in that time.',
  'desk.guidance.effect.brought.cancelled_units':
    '{effect} units cancelled, where {hoped} was expected in that time.',
  'desk.guidance.effect.synthetic':
    'It came to {observed} from {from} to {to}; {markets} other regions, weighed so that together they went the same way before, let expect {expected}.',
  'desk.guidance.effect.holdout':
    'It came to {observed} from {from} to {to}; the {markets} regions for which the same was proposed and not done let expect {expected}.',
  'desk.guidance.effect.hardly': {
    one: 'Of those {markets}, looked at in the same way, {count} stands off as far: this is hardly chance.',
    other: 'Of those {markets}, looked at in the same way, {count} stand off as far: this is hardly chance.',
  },
  'desk.guidance.effect.maybe': {
    one: 'Of those {markets}, looked at in the same way, {count} stands off as far: this may be chance.',
    other: 'Of those {markets}, looked at in the same way, {count} stand off as far: this may be chance.',
  },
  'desk.guidance.effect.weights': 'Weighed most: {regions}.',
  'desk.guidance.effect.weight': '{region} {share}',
  'desk.guidance.effect.again': 'With the figures up to {day}. It is measured again each night.',
  'desk.guidance.effect.final': 'Measured for the last time.',
  'desk.guidance.was_decided': 'Noted.',
  'desk.guidance.was_not_open': 'That was decided before, or is no longer proposed.',
} as const;
