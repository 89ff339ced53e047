"""Numbers that the importers' checks and the release gate share, each with where it comes from.

They were tuned once on the daily figures of China by province and city, December 2019 to
December 2020 (public repository canghailan/Wuhan-2019-nCoV): the great revisions of February
and April 2020 are found, and sixteen jumps in all among 674,584 figures.
"""

# A day's rise is out of proportion above this many times the greatest rise of the days before.
# Hubei's change of case definition on 12 February 2020 was 4.7 times (14,840 against 3,156);
# at 3 times, ordinary early growth is caught as well.
JUMP_TIMES = 4.0

# Below this a day's rise is never called a jump: small areas move in whole outbreaks
# (a prison, a ship), and a page of such alarms would hide the real one.
JUMP_AT_LEAST = 50

# How far back a rise is compared. The case definition's and the risk notice's own period.
JUMP_LOOKS_BACK_DAYS = 14

# Days of history a jump needs before it can be told from a first report.
JUMP_NEEDS_DAYS = 3

# Two neighbours' figures count as exchanged when crossing them explains the day at least this
# much better than leaving them (distances of the two pairs, crossed / straight) ...
SWAP_RATIO = 0.1

# ... and the straight distance is at least this many cases: below it chance does as well.
SWAP_AT_LEAST = 20

# A unit has drifted when the figure is a power of ten of the day before within this ratio.
# The powers that happen: a lost or added digit, thousands, and the Chinese ten-thousand.
DRIFT_WITHIN = 0.05
DRIFT_POWERS = (-4, -3, -2, -1, 1, 2, 3, 4)

# No drift is called where the smaller of the two figures is below this: 3 to 30 is an outbreak.
DRIFT_AT_LEAST = 20

# Children may exceed their parent by this share or this count, whichever is more, because
# national, provincial and city bulletins are closed at different hours.
CHILDREN_SHARE = 0.02
CHILDREN_COUNT = 5

# A place is missing when it last reported this many days before the release's day. Offices
# that rest at a weekend report within three days.
MISSING_AFTER_DAYS = 3

# Counts above zero and below this are suppressed. 5 is a common floor in health statistics;
# rules in use go up to 11 (US Centers for Medicare & Medicaid Services). Packs may set more.
SMALL_CELL = 5
