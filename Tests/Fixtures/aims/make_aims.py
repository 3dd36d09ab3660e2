#!/usr/bin/env python3
"""Writes aims.json: 100 invented abstracts, each with one plain statement of aim and its position.

There are ten studies and ten ways to state an aim. Half of the abstracts are short (three to five sentences), the
others long. A third begin with the aim, the others with background. To regenerate the file: `python3 make_aims.py`.
"""

import json
import pathlib

# For each study: the effect as a noun phrase and as a clause, population, background, methods, results, conclusions.
STUDIES = [
    (
        "the effect of vitamin D supplementation on falls",
        "vitamin D supplementation prevents falls",
        "older adults",
        ["Falls are a common cause of injury in later life.", "Low vitamin D status has been linked to weak muscles."],
        [
            "Adults aged 70 years or older were randomly assigned to 800 IU daily or placebo.",
            "Falls were recorded in monthly diaries for 24 months.",
            "Analyses followed the intention-to-treat principle.",
        ],
        [
            "Falls occurred at a rate of 0.71 per person-year with vitamin D and 0.78 with placebo (P = 0.31).",
            "Serum 25-hydroxyvitamin D rose by 31 nmol/L.",
            "Adverse events were similar in both groups.",
        ],
        ["Vitamin D at this dose did not prevent falls.", "Routine supplementation cannot be recommended."],
    ),
    (
        "the accuracy of an algorithm for reading screening mammograms",
        "an algorithm reads screening mammograms as well as radiologists",
        "women invited to screening",
        [
            "Double reading of mammograms strains the workforce.",
            "Algorithms are promising, but evidence from routine practice is scarce.",
        ],
        [
            "We collected 12,430 consecutive examinations from three centres.",
            "Two radiologists and the algorithm read each examination independently.",
            "Cancers found within two years were the reference standard.",
        ],
        [
            "Sensitivity was 91% for the algorithm and 88% for single reading.",
            "The recall rate fell from 4.1% to 3.6%.",
            "Discordant readings were most frequent in dense breasts.",
        ],
        ["The algorithm could replace one of two readers.", "Prospective trials are warranted before adoption."],
    ),
    (
        "the role of gut bacteria in the response to a ketogenic diet",
        "gut bacteria mediate the response to a ketogenic diet",
        "children with epilepsy",
        ["The ketogenic diet reduces seizures in some children.", "Why others do not respond is poorly understood."],
        [
            "Stool samples were taken before and three months after the diet began.",
            "Bacterial DNA was sequenced and compared between responders and non-responders.",
        ],
        [
            "Eighteen of 32 children had at least 50% fewer seizures.",
            "Responders had more Akkermansia at baseline than non-responders (P = 0.004).",
            "Diversity did not change over time.",
        ],
        [
            "Bacterial composition may predict who benefits from the diet.",
            "Larger cohorts should confirm this finding.",
        ],
    ),
    (
        "the uptake of HIV self-testing after peer outreach",
        "peer outreach increases HIV self-testing",
        "young men in rural districts",
        ["Many young men have never been tested for HIV.", "Clinic-based testing reaches few of them."],
        [
            "Villages were randomised to peer outreach or standard campaigns.",
            "Test kits were collected at village shops.",
            "The primary outcome was a returned result within six months.",
        ],
        [
            "Results were returned by 43% of men in outreach villages and by 21% in control villages.",
            "Uptake was highest among men younger than 25 years.",
            "No social harms were reported.",
        ],
        ["Peer outreach doubled the uptake of self-testing.", "The approach is feasible at low cost."],
    ),
    (
        "the association between night work and blood pressure",
        "night work raises blood pressure",
        "hospital nurses",
        ["Night work disturbs circadian rhythms.", "Its cardiovascular consequences remain debated."],
        [
            "Ambulatory blood pressure was measured in 214 nurses during two weeks.",
            "Mixed models were adjusted for age, body mass index and sleep.",
        ],
        [
            "Mean systolic pressure was 3.8 mm Hg higher after night shifts (95% CI, 1.9 to 5.7).",
            "The difference persisted for two days.",
            "Sleep duration explained a third of it.",
        ],
        [
            "Night work is associated with higher blood pressure.",
            "Rosters with fewer consecutive nights might reduce risk.",
        ],
    ),
    (
        "the mechanism by which a small peptide blocks bacterial biofilms",
        "a small peptide blocks bacterial biofilms",
        "strains isolated from catheters",
        ["Biofilms protect bacteria from antibiotics.", "Few compounds act on established biofilms."],
        [
            "Biofilms were grown in flow cells and imaged by confocal microscopy.",
            "Binding was measured by isothermal titration calorimetry.",
            "Mutants without the receptor served as controls.",
        ],
        [
            "The peptide reduced biomass by 82% within four hours.",
            "It bound the receptor with a dissociation constant of 40 nM.",
            "Mutants were not affected.",
        ],
        ["The peptide disrupts biofilms through a single receptor.", "Such peptides could complement antibiotics."],
    ),
    (
        "the cost-effectiveness of home-based cardiac rehabilitation",
        "home-based cardiac rehabilitation is cost-effective",
        "patients after myocardial infarction",
        ["Attendance at centre-based rehabilitation is low.", "Home programmes are cheaper but may be less effective."],
        [
            "A Markov model compared home-based with centre-based programmes over ten years.",
            "Costs were taken from national tariffs and utilities from a trial of 620 patients.",
        ],
        [
            "Home-based rehabilitation cost 410 euros less per patient and gained 0.02 quality-adjusted life-years.",
            "It was dominant in 71% of simulations.",
        ],
        [
            "Home-based rehabilitation is likely to be cost-effective.",
            "Decisions should consider patients' preferences.",
        ],
    ),
    (
        "the performance of a blood test for early pancreatic cancer",
        "a blood test detects early pancreatic cancer",
        "people with new-onset diabetes",
        ["Pancreatic cancer is usually found late.", "New-onset diabetes can be its first sign."],
        [
            "Plasma from 1,104 participants was analysed for methylated DNA.",
            "Participants were followed for three years by imaging.",
        ],
        [
            "The test detected 17 of 21 cancers with a specificity of 96%.",
            "Eleven of them were resectable.",
            "Markers of inflammation added no information.",
        ],
        [
            "The blood test identifies early cancers in a high-risk group.",
            "Its effect on mortality needs to be studied.",
        ],
    ),
    (
        "the long-term outcome of knee replacement in obese patients",
        "obesity worsens the long-term outcome of knee replacement",
        "patients treated at one centre",
        [
            "Obesity is increasingly common among candidates for knee replacement.",
            "Surgeons disagree about its influence on implant survival.",
        ],
        [
            "Records of 2,318 operations between 2001 and 2010 were reviewed.",
            "Revision for any cause was the end point of a Kaplan-Meier analysis.",
        ],
        [
            "Implant survival at 15 years was 93% in obese and 94% in other patients (P = 0.42).",
            "Infections were twice as frequent in obese patients.",
            "Functional scores improved equally.",
        ],
        ["Obesity does not shorten implant survival.", "It should not be a reason to refuse surgery."],
    ),
    (
        "the influence of temperature on mosquito competence for dengue virus",
        "temperature alters mosquito competence for dengue virus",
        "Aedes populations from highlands",
        ["Dengue is spreading to higher altitudes.", "Vector competence in cooler regions is largely unknown."],
        [
            "Mosquitoes were infected at 18, 22 and 28 degrees Celsius.",
            "Viral RNA was quantified in saliva after 14 days.",
        ],
        [
            "Transmission was observed in 4%, 19% and 37% of mosquitoes, respectively.",
            "Survival was longest at 22 degrees Celsius.",
        ],
        [
            "Warming will make highland mosquitoes more competent.",
            "Surveillance should be extended to higher altitudes.",
        ],
    ),
]

AIMS = [
    "We aimed to test whether {clause} in {population} (NCT00000001).",
    "The purpose of this study was to determine {noun} in {population}.",
    "We sought to assess {noun} in {population}.",
    "This study investigates {noun} in {population}.",
    "To evaluate {noun} in {population}.",
    "The objective of this work was to examine {noun} in {population}.",
    "Our aim was to find out whether {clause} in {population}.",
    "In this study, we set out to investigate {noun} in {population}.",
    "The present study was designed to establish whether {clause} in {population}.",
    "We hypothesised that {clause} in {population}, and the goal of this study was to test this hypothesis.",
]


def abstract(study, aim):
    noun, clause, population, background, methods, results, conclusions = STUDIES[study]
    is_short = (study + aim) % 2 == 0
    begins_with_aim = (study + aim) % 3 == 0
    opening = [] if begins_with_aim else background[:1] if is_short else background
    rest = methods[:1] + results[:1] + conclusions[:1] if is_short else methods + results + conclusions
    if is_short and (study + 2 * aim) % 5 == 0:
        rest = results[:1] + conclusions[:1]
    statement = AIMS[aim].format(noun=noun, clause=clause, population=population)
    return {"id": f"aim-{study}-{aim}", "sentences": [*opening, statement, *rest], "aim": len(opening)}


def main():
    abstracts = [abstract(study, aim) for study in range(len(STUDIES)) for aim in range(len(AIMS))]
    lines = ",\n".join(json.dumps(a, ensure_ascii=False) for a in abstracts)
    pathlib.Path(__file__).with_name("aims.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


main()
