namespace AgentFunctions.Core.Policies.Semantics.Lexicon;

/// <summary>Words that can stand for each other in a question without changing its answer. When in doubt a word is not here: "right" is also a side, "present" also a time.</summary>
internal static class Synonyms
{
    private const string Classes =
        """
        buy purchase, signup register, verify authenticate, start begin commence, delete erase, repair mend, problem issue trouble, big large, fast quick rapid quickly rapidly, get receive obtain, show display, choose select pick, help assist, permit allow, need require,
        want wish, use utilize, change modify alter, finish complete, doctor physician, car automobile, holiday vacation, apartment flat, salary wage, sick ill, frequently often, approximately roughly,
        maybe perhaps, enough sufficient, wrong incorrect, answer reply respond, speak talk, happen occur, trip journey, overseas abroad, immediately instantly, refund reimburse, shop store, website site, lose misplace,
        decline reject, telephone phone, photo photograph, document doc, explain clarify, mistake error, difficult tough, author writer, teenager teen, mobile cellphone, lawyer attorney, disease illness, garbage trash rubbish, couch sofa,
        postcode zipcode, toilet restroom, staff personnel, attempt try, forbid prohibit, annual yearly, identification id, hiccup hiccough, postpone defer, reschedule rearrange
        """;

    private static readonly Dictionary<string, string> ByWord = Read();

    /// <summary>The class of a word in its dictionary form: the first word of its line.</summary>
    public static string ClassOf(string lemma) => ByWord.GetValueOrDefault(lemma, lemma);

    /// <summary>Whether the word has synonyms here, and so is a common one.</summary>
    public static bool IsKnown(string lemma) => ByWord.ContainsKey(lemma);

    private static Dictionary<string, string> Read()
    {
        var classes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Classes.Split(',', StringSplitOptions.TrimEntries))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in words) classes[word] = words[0];
        }

        return classes;
    }
}
