namespace AgentFunctions.Core.Models.Offline;

/// <summary>Words that say nothing about what a text is about.</summary>
internal static class CommonWords
{
    /// <summary>The commonest words of English.</summary>
    public static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> OfEnglish { get; } = Set(
        """
        a about above across after again against all almost alone along already also although always am among an and another any anyone anything
        are around as at away back be became because become been before being below best better between both but by came can cannot come could
        d did do does doing done down during each either else enough even ever every few first for from further get give given go goes got had
        has have having he hence her here hers herself him himself his how however i if in indeed instead into is it its itself just last least
        less let like ll m made make many may me might mine more moreover most much must my myself near nearly neither never no nor not nothing
        now of off often on once one only onto or other others our ours ourselves out over own per perhaps put quite rather re s said same say
        second see seem seems shall she should since so some something soon still such t take than that the their theirs them themselves then
        there therefore these they thing things this those though three through thus to together too toward two under until up upon us used using
        ve very via was way we well went were what whatever when where whether which while who whole whom whose why will with within without
        would yet you your yours yourself
        """);

    /// <summary>Words by which tasks are given, and which the texts need not be about.</summary>
    public static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> OfTasks { get; } = Set(
        """
        addresses answer answers article articles ask asked asks best below brief briefly candidate candidates choose chosen chunk chunks classify combine concern concerns concise
        describe document documents exactly extract facts file files find follow following follows format given gist group important input instruction
        instructions item items key label labels length list long main mention name note number one only order output page pages paper papers paragraph part partial
        parts passage please point points prompt provide query question questions rank regard relevant reply report respond response result
        results say select sentence sentences short shorter single source sources speech speeches state states statement subject subjects summaries summarise summarised
        summarize summarized summary task tell text texts theme themes they title tokens topic topics use what whole word words write
        """);

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
