using System.Text;
using AgentFunctions.Core.Caching;

namespace AgentFunctions.Core.Tests.Caching.Questions;

/// <summary>Takes questions for alike whose first words agree, and for of one intent whose letters do, whatever their case and marks.</summary>
internal sealed class FakeMatcher : ISemanticMatcher
{
    private readonly Dictionary<(string Tenant, string Scope, string Key), string> questions = [];
    private readonly Dictionary<string, HashSet<string>> blocked = [];

    public Dictionary<string, double> Learned { get; } = [];

    public IReadOnlyDictionary<string, double> Thresholds => Learned;

    public int Questions => questions.Count;

    public bool Fails { get; set; }

    public string? IntentOf(string question) => Fails ? throw new InvalidOperationException("Out of order.") : new string([.. question.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    public double? Judge(string tenant, string question, string earlier) =>
        blocked.TryGetValue(tenant, out var pairs) && pairs.Contains($"{question}|{earlier}") ? null
        : IntentOf(question) == IntentOf(earlier) ? 0.99
        : question.Split(' ')[0] == earlier.Split(' ')[0] ? 0.9
        : null;

    public IReadOnlyList<SemanticMatch> Nearest(string tenant, string scope, string question) =>
        [.. questions.Where(it => it.Key.Tenant == tenant && it.Key.Scope == scope && Judge(tenant, question, it.Value) is not null).Select(it => new SemanticMatch(it.Key.Key, it.Value, Judge(tenant, question, it.Value)!.Value))];

    public void Add(string tenant, string scope, string question, string key) => questions[(tenant, scope, key)] = question;

    public void Remove(string tenant, string scope, string key) => questions.Remove((tenant, scope, key));

    public double Learn(string tenant, string question, string earlier, bool right)
    {
        if (!right) Blocked(tenant).Add($"{question}|{earlier}");
        return Learned[tenant] = Math.Min(1, 0.8 + (0.01 * Blocked(tenant).Count));
    }

    public ReadOnlyMemory<byte> Save(string tenant) => Encoding.UTF8.GetBytes(string.Join('\n', Blocked(tenant)));

    public void Load(string tenant, ReadOnlyMemory<byte> saved)
    {
        Blocked(tenant).UnionWith(Encoding.UTF8.GetString(saved.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Learned[tenant] = 0.8 + (0.01 * Blocked(tenant).Count);
    }

    private HashSet<string> Blocked(string tenant) => blocked.TryGetValue(tenant, out var pairs) ? pairs : blocked[tenant] = [];
}
