/// Word lists that show where a sentence begins or continues.
enum SentenceOpeners {
    /// Words that, capitalised after an abbreviation or initial, open a sentence and do not continue a name.
    static let openers = functionWords.union(
        PackedWord.words(
            """
            Patients Participants Subjects Children Women Men Adults Infants Individuals Students Mice Rats Animals Cells
            Results Conclusion Conclusions Methods Method Background Objective Objectives Aim Aims Findings Finding Data
            Analysis Analyses Samples Treatment Outcomes Mean Median Primary Secondary Overall Using Compared Based
            Significant Significantly Similarly Additionally Furthermore Moreover Therefore However Thus Hence Nevertheless
            Nonetheless Consequently Accordingly Finally Importantly Interestingly Notably Subsequently Eventually
            Recently Currently Previously Conversely Alternatively Meanwhile Similar Further Future Only Also Studies
            Evidence Trials Interventions Intervention Blood Serum Plasma Logistic Multivariate Univariate Statistical
            Mortality Survival Follow Questionnaires Randomised Randomized Approximately Increased Decreased Higher Lower
            """))

    /// Function words. A capitalised function word directly after a heading shows that a sentence begins there.
    static let functionWords = PackedWord.words(
        """
        The A An This That These Those There Here It Its They Their We Our He She His Her You I One Two Three Four Five
        Six Seven Eight Nine Ten Eleven Twelve Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety
        Some Many Most Several All Both Each Every Any No Neither Either Few More Fewer Less Other Another Such
        In On At By For From To Of With Within Without Between Among Amongst Across Over Under During Before After Since
        Until Through Throughout Against Because Although Though While Whereas When Where Whether If As Despite Given
        Due And But Or Yet So Then Not What Who Which Why How Is Are Was Were Do Does Did Can Could Should May Might
        Once Upon Unlike Like Per Via About Above Below First Second Third Half
        """)

    /// Openers that show that a sentence begins even where the full stop before them is missing.
    ///
    /// Words that also occur in names, such as `May` and `An`, are not included.
    static let afterMissingStop = PackedWord.words(
        """
        We This These Our There The It They In To At For From After During Among Although Because Both Neither All Most
        Several Given If However Overall Ten Eleven Twelve Fifteen Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety
        """)

    /// Lower-case words that continue a sentence after a full stop.
    static let continuations = PackedWord.words(
        "and or nor of with that which than versus vs by as but et was were is are has have had")

    /// Lower-case words that open a sentence even after a possible abbreviation.
    static let smallOpeners = PackedWord.words("we the this these our there it however although")

    /// Nouns that a single letter can follow: after `group A.` or `vitamin D.` a capital opens a sentence.
    static let letterTakers = PackedWord.words(
        """
        vitamin vitamins hepatitis group groups arm arms cohort class classes stage grade factor influenza type types phase
        form category part step study trial schedule regimen cyclosporin cyclosporine ciclosporin amphotericin
        immunoglobulin complement toxin toxoid period plan method model apolipoprotein haemoglobin hemoglobin coenzyme
        site level series scheme protocol programme program section subgroup subgroups subtype serogroup serotype
        haemophilia hemophilia botulinum clade lineage variant variants allele genotype haplotype blood system layer zone
        region area diet diets panel procedure product formula formulation drug treatment condition set version
        sample samples strain species device hospital centre center clinic ward unit patient subject case observer reader
        rater session test task item domain scale score tier team pattern Child Pugh protein peptide antigen
        region exon domain cathepsin kinase cyclin lamin mitomycin bleomycin polymyxin natriuretic retinol
        """)
}
