using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Catalogs;

/// <summary>One of each kind of value that crosses history.</summary>
public sealed record Sample
{
    public required string Text { get; init; }

    public long Big { get; init; }

    public double Real { get; init; }

    public decimal Money { get; init; }

    public bool Flag { get; init; }

    public DateTimeOffset At { get; init; }

    public TimeSpan Took { get; init; }

    public Guid Id { get; init; }

    public string? Missing { get; init; }

    public IReadOnlyList<int> Numbers { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>An answer that says what it cost.</summary>
public sealed record Priced(string Answer, Cost? Cost = null) : ICosted;
