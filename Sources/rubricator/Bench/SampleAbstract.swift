/// An invented abstract of common length.
enum SampleAbstract {
    static let text = """
        Falls are a leading cause of injury in adults older than 65 years, and low vitamin D status has been linked to muscle \
        weakness. Whether supplementation prevents falls remains uncertain. We aimed to determine the effect of daily vitamin \
        D3 on the rate of falls in community-dwelling women. In this double-blind, placebo-controlled trial, 412 women aged 65 \
        to 84 years were randomly assigned (1:1) to 800 IU/d of vitamin D3 or matching placebo for 24 months. Randomisation was \
        stratified by centre and by history of falls. The primary outcome was the rate of falls, recorded in monthly diaries \
        and confirmed by telephone. Analyses were by intention to treat. Between March 2014 and June 2016, 207 women were \
        assigned to vitamin D3 and 205 to placebo; 381 (92.5%) completed follow-up. The rate of falls was 0.72 per \
        person-year with vitamin D3 and 0.79 per person-year with placebo (rate ratio 0.91, 95% CI 0.77 to 1.08; p=0.28). \
        Serum 25-hydroxyvitamin D rose by 31.4 nmol/L (SD 12.2) in the vitamin D3 group. Adverse events were similar in both \
        groups. Daily supplementation with 800 IU of vitamin D3 did not reduce the rate of falls in older women. These findings \
        do not support routine supplementation for the prevention of falls in women who are not deficient.
        """
}
