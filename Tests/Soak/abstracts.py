"""Generates abstracts of the length of those in PubMed from a seed, so that tests need no corpus."""

import random

SENTENCES = [
    "Falls are a common cause of injury in adults older than {n} years.",
    "Whether daily supplementation lowers the rate of {x} is uncertain, "
    "as earlier trials were small and of short duration.",
    "The aim of this study was to compare {x} with usual care in {n} patients.",
    "We randomly assigned {n} participants to {x} or placebo for {m} months in a double-blind, multicentre trial.",
    "The primary outcome was the rate of {x} per person-year, analysed by intention to treat.",
    "Secondary outcomes were quality of life, adherence and adverse events (CTCAE version 4.0).",
    "Blood samples were taken at baseline and after {m} weeks, and analysed by ELISA at 4.5 °C.",
    "The rate was 0.{n} in the intervention group and 0.{m} in the control group "
    "(rate ratio 0.91, 95% CI 0.77 to 1.08; P = 0.{n}).",
    "No difference was found in {x} (mean difference {m}.{n}, 95% CI -1.2 to 3.4).",
    "Serious adverse events occurred in {n} (12.{m}%) and {m} (9.{n}%) participants.",
    "Among those with low concentrations at baseline, {x} fell by {n}% (P < 0.001).",
    "Daily supplementation did not reduce the rate of {x} in this population.",
    "These findings do not support the routine use of {x}, and longer trials are warranted.",
]
THINGS = [
    "vitamin D3",
    "hip fracture",
    "blood pressure",
    "heart failure",
    "screening mammography",
    "β-blockers",
    "postoperative delirium",
    "acute kidney injury",
    "asthma exacerbations",
    "insulin resistance",
]


def abstract(generator):
    """Returns an abstract of five to twenty sentences."""
    count = min(20, max(5, round(generator.gauss(11, 4))))
    chosen = sorted(generator.choices(range(len(SENTENCES)), k=count))
    return " ".join(
        SENTENCES[index].format(n=generator.randint(11, 99), m=generator.randint(2, 48), x=generator.choice(THINGS))
        for index in chosen
    )


def abstracts(count, seed):
    generator = random.Random(seed)
    return [abstract(generator) for _ in range(count)]
