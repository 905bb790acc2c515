using System.Text;

namespace AgentFunctions.Benchmarks.Questions;

/// <summary>The training questions of BANKING77 (Casanueva et al., "Efficient intent detection with dual sentence encoders", 2020): 10,003 questions to a bank, with one of 77 intents each.</summary>
internal static class Banking77
{
    public const string Default = "../shared/data/banking77";

    /// <summary>The split into what was looked at and what was not has a seed of its own, so that it stays when the order of requests changes.</summary>
    private const int SplitSeed = 77;

    /// <summary>Reads it, or gives null where it is not there.</summary>
    public static IReadOnlyList<LabelledQuestion>? Read(string folder)
    {
        var file = Path.Combine(folder, "train.csv");
        return File.Exists(file) ? [.. Rows(File.ReadAllText(file)).Skip(1).Select(row => new LabelledQuestion(row[0], row[1]))] : null;
    }

    /// <summary>Half of each intent's questions to look at, half held out.</summary>
    public static (IReadOnlyList<LabelledQuestion> Tuned, IReadOnlyList<LabelledQuestion> HeldOut) Split(IReadOnlyList<LabelledQuestion> questions)
    {
        var random = new Random(SplitSeed);
        List<LabelledQuestion> tuned = [], heldOut = [];
        foreach (var intent in questions.GroupBy(question => question.Intent, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var list = intent.ToArray();
            random.Shuffle(list);
            var half = (list.Length + 1) / 2;
            tuned.AddRange(list[..half]);
            heldOut.AddRange(list[half..]);
        }

        return (tuned, heldOut);
    }

    private static IEnumerable<List<string>> Rows(string csv)
    {
        var (row, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < csv.Length; i++)
        {
            var character = csv[i];
            if (character == '"' && quoted && i + 1 < csv.Length && csv[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (character == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && character is ',' or '\n' && !quoted)
            {
                row.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (character == ',') continue;
                if (row.Count == 2) yield return row;
                row = [];
            }
            else
            {
                cell.Append(character);
            }
        }

        if (cell.Length > 0) row.Add(cell.ToString());
        if (row.Count == 2) yield return row;
    }
}

/// <summary>A question and what it is about.</summary>
internal sealed record LabelledQuestion(string Text, string Intent);
