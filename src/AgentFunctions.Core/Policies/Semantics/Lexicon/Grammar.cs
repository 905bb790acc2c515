namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>The small words of English.</summary>
internal static class Grammar
{
    /// <summary>Articles: they go.</summary>
    public static readonly HashSet<string> Articles = ["a", "an", "the"];

    /// <summary>Words that one question may have and the other lack.</summary>
    public static readonly HashSet<string> Soft =
    [
        .. """
        please kindly really actually basically simply still already yet also definitely literally honestly obviously apparently unfortunately certainly thanks hi hello hey sorry sir madam dear greetings ok anyway possibly urgently asap probably
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>Verbs that turn a clause into a question when they go first.</summary>
    public static readonly HashSet<string> Auxiliaries = ["be", "was", "do", "did", "have", "had", "can", "could", "will", "would", "shall", "should", "may", "might", "must"];

    /// <summary>What can follow an auxiliary "do": somebody who does.</summary>
    public static readonly HashSet<string> Subjects =
    [
        .. """
        i you we they he she it the my your his her their our its this that these those a an any all some most many people there one each every both everyone everybody anyone anybody someone somebody not
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    public static readonly HashSet<string> Questions = ["how", "what", "when", "where", "why", "who", "whom", "whose", "which"];

    /// <summary>Words that a part of a sentence starts with which may stand first or last.</summary>
    public static readonly HashSet<string> Openers =
    [
        .. """
        in on at for from to with without by during after before since until if when while because as through via under over between within near of about against among despite unless whenever
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>All small words: both questions must have them.</summary>
    public static readonly HashSet<string> All =
    [
        .. """
        about above across after again against all almost alone along although always am among amongst and another any anybody anymore anyone anything anywhere are around as at away back be because been before behind being below beneath beside besides best better
        between beyond both but by can could despite did do does doing done down during each either else enough even ever every everybody everyone everything everywhere except few fewer first for from further had half hardly has have having he her here hers
        herself him himself his how however i if in inside instead into is it its itself just last least less like little lot lots many may me might mine more most much must my myself near neither never next no nobody none nor not nothing nowhere now of off
        often on once one ones only onto opposite or other others ought our ours ourselves out outside over own past per quite rather same seldom several shall she should since so some somebody someone something sometimes somewhere such than that their theirs them
        themselves then there these they this those though through throughout till to today together tomorrow tonight too toward towards twice under underneath unless unlike until up upon us very via was we well were what whatever when whenever where wherever whether
        which whichever while who whoever whole whom whose why will with within without worse worst would yesterday yet you your yours yourself yourselves rather barely scarcely rarely versus vs plus minus
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        .. Articles,
        .. Soft,
        "?how", "?do", "?yn", "?if", "!i", "#not",
    ];
}
