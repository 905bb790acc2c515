using AgentFunctions.Core.Durable;

namespace AgentFunctions.Conformance.Catalogs;

/// <summary>A number and a log: enough to see whether operations apply once and in order.</summary>
public sealed class CounterEntity : Entity<CounterState>
{
    /// <summary>The registered name, not in lower case on purpose.</summary>
    public const string Name = "Counter";

    public CounterEntity()
    {
        On(Add, (state, by, _) => (state with { Value = state.Value + by }, state.Value + by));
        On(Append, (state, text, _) => (state with { Log = [.. state.Log, text] }, state.Log.Count + 1));
        On(Read, (state, _, _) => (state, state));
        On(Where, (state, _, context) => (state, context.Id.ToString()));
        On(Remove, (_, _, _) => (null, true));
        On(AddThenFail, (state, message, _) => (state with { Value = state.Value + 1_000 }, Failing(message)));
    }

    /// <summary>Adds, and answers the sum.</summary>
    public static EntityOperation<int, int> Add { get; } = new("add");

    /// <summary>Appends to the log, and answers its length.</summary>
    public static EntityOperation<string, int> Append { get; } = new("append");

    /// <summary>Answers the state.</summary>
    public static EntityOperation<int, CounterState> Read { get; } = new("read");

    /// <summary>Answers the entity's own address.</summary>
    public static EntityOperation<int, string> Where { get; } = new("where");

    /// <summary>Removes the entity.</summary>
    public static EntityOperation<int, bool> Remove { get; } = new("remove");

    /// <summary>Fails with this message after it has computed a new state, which must be dropped.</summary>
    public static EntityOperation<string, int> AddThenFail { get; } = new("addThenFail");

    protected override CounterState InitialState { get; } = new();

    /// <summary>The counter with this key.</summary>
    public static EntityId At(string key) => new(Name, key);

    private static int Failing(string message) => throw new InvalidOperationException(message);
}

/// <summary>The counter's state.</summary>
public sealed record CounterState
{
    public int Value { get; init; }

    public IReadOnlyList<string> Log { get; init; } = [];
}
