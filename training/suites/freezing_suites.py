"""The suites about training the new layers first, then everything."""

from training.suites.suite import Suite

PILOT_SD = 0.57  # points, of paired differences of freeze-1 and full: 8 pairs, 300 drawings a word
FREEZING = "Is it at least as good to train the new layers first as to train everything at once?"
SUITES = (
    Suite(
        "freezing",
        FREEZING,
        (
            *("full", "freeze-2", "full-still", "freeze-2-still", "solved-head-still"),
            *("freeze-2-switched", "full-longer-2"),
        ),
        (
            ("freeze-2", "full"),
            ("freeze-2-still", "full-still"),
            ("solved-head-still", "full-still"),
            ("freeze-2", "full-longer-2"),
            ("freeze-2-switched", "full"),
            ("full-still", "full"),
        ),
        amounts=(300,),
        epochs=12,
        seeds=20,
        sd=PILOT_SD,
        missing="Other lengths of the frozen phase are the suite freezing-length's, the "
        "origin's random one-channel stem is freezing-stem's, larger images freezing-56's.",
    ),
    Suite(
        "freezing-length",
        "How long should the new layers be trained first, and is the time better spent on "
        "everything?",
        (
            *("full", "freeze-1", "freeze-5", "full-longer-5"),
            *("full-work-of-freeze-5", "solved-head"),
        ),
        (
            ("freeze-1", "full"),
            ("freeze-5", "full"),
            ("freeze-5", "full-longer-5"),
            ("freeze-5", "full-work-of-freeze-5"),
            ("solved-head", "full"),
        ),
        amounts=(300,),
        epochs=12,
        seeds=19,
        rates=(1e-2,),
        most_rates=1,
        sd=PILOT_SD,
        missing="The rate of every phase is the one that tuning found in freezing for full, "
        "full-longer-2 and both phases of freeze-2. It was not tuned again, nor was the penalty of "
        "solved-head, which is the same number.",
    ),
    Suite(
        "freezing-stem",
        f"{FREEZING} With a stem of random filters, as the origin of the question had it.",
        ("full-random-stem", "freeze-2-random-stem", "full-longer-2-random-stem"),
        (
            ("freeze-2-random-stem", "full-random-stem"),
            ("freeze-2-random-stem", "full-longer-2-random-stem"),
        ),
        amounts=(300,),
        epochs=12,
        seeds=15,
        sd=PILOT_SD,
        missing="BatchNorm's statistics follow the batches in all arms: those stored with "
        "ImageNet's weights belong to ImageNet's stem, not to a random one.",
    ),
    Suite(
        "freezing-1000",
        f"{FREEZING} With 1,000 drawings a word.",
        ("full", "freeze-2", "full-longer-2"),
        (("freeze-2", "full"), ("freeze-2", "full-longer-2")),
        amounts=(1000,),
        epochs=12,
        seeds=16,
        target=0.9,
        sd=PILOT_SD,
        changes={"epoch_cap": 300},
        missing="An epoch shows 300 of the 1,000 drawings a word, so that the arms take as many "
        "steps as those of freezing, and the amount alone differs.",
    ),
    Suite(
        "freezing-longer",
        f"{FREEZING} With three times the epochs.",
        ("full", "freeze-2", "full-longer-2"),
        (("freeze-2", "full"), ("freeze-2", "full-longer-2")),
        amounts=(300,),
        epochs=36,
        seeds=16,
        rates=(1e-2,),
        most_rates=1,
        target=0.9,
        sd=PILOT_SD,
        missing="The rate of every phase is the one that tuning found for all three arms in "
        "freezing and freezing-1000. It was not tuned again for 36 epochs.",
    ),
    Suite(
        "freezing-56",
        f"{FREEZING} With images of 56×56.",
        ("full", "freeze-2", "full-longer-2"),
        (("freeze-2", "full"), ("freeze-2", "full-longer-2")),
        amounts=(300,),
        epochs=12,
        seeds=15,
        rates=(1e-2,),
        most_rates=1,
        side=56,
        target=0.9,
        sd=PILOT_SD,
        missing="The rate of every phase is the one that tuning found for all three arms in "
        "freezing and freezing-1000. It was not tuned again for larger images.",
    ),
)
