using System.Text;

namespace AgentFunctions.Benchmarks.Caches;

/// <summary>Questions of a bank's customers, each with its intent (Casanueva and others, 2020, CC BY 4.0).</summary>
internal sealed record Banking77(IReadOnlyList<CustomerQuestion> Questions)
{
    public const string Default = "../shared/data/banking77";

    /// <summary>Reads <c>train.csv</c> (text, category), or gives null where it is not there.</summary>
    public static Banking77? Read(string folder)
    {
        var path = Path.Combine(folder, "train.csv");
        return File.Exists(path) ? new Banking77([.. Rows(File.ReadAllText(path)).Skip(1).Where(row => row.Count == 2).Select(row => new CustomerQuestion(row[0].Trim(), row[1]))]) : null;
    }

    /// <summary>The questions of so many customers: each draws one, and the one at place n is drawn 1/n^exponent as often as the first, in an order that the seed gives.</summary>
    public IReadOnlyList<CustomerQuestion> Draw(int count, double exponent, int seed)
    {
        var random = new Random(seed);
        var order = Questions.ToArray();
        random.Shuffle(order);
        var sums = new double[order.Length];
        for (var i = 0; i < sums.Length; i++) sums[i] = (i == 0 ? 0 : sums[i - 1]) + Math.Pow(i + 1, -exponent);
        return [.. Enumerable.Range(0, count).Select(_ => order[Math.Min(sums.Length - 1, Place(sums, random.NextDouble() * sums[^1]))])];
    }

    private static int Place(double[] sums, double at) => Array.BinarySearch(sums, at) is var found && found < 0 ? ~found : found;

    // RFC 4180: a field in quotes may hold commas, line breaks and doubled quotes.
    private static IEnumerable<List<string>> Rows(string csv)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < csv.Length; i++)
        {
            switch (csv[i])
            {
                case '"' when quoted && i + 1 < csv.Length && csv[i + 1] == '"':
                    field.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    row.Add(field.ToString());
                    field.Clear();
                    break;
                case '\n' when !quoted:
                    row.Add(field.ToString().TrimEnd('\r'));
                    field.Clear();
                    yield return row;
                    row = [];
                    break;
                default:
                    field.Append(csv[i]);
                    break;
            }
        }
    }
}

/// <summary>A question and what it is about.</summary>
internal sealed record CustomerQuestion(string Text, string Intent);
