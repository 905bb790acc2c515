using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Budgets;
using AgentFunctions.Local.Engine.History;

namespace AgentFunctions.Local.Tests.Engine.History;

/// <summary>Any history event, made by reflection, so that a new event or field can't be forgotten.</summary>
internal static class RandomHistory
{
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly string[] Texts = ["", "a", "Zürich", "日本語テキスト", "👩‍👩‍👧‍👦 family", "line\nbreak\0and nul", "half a pair \ud83d", "\udc00", new('x', 10_000)];

    /// <summary>Every kind of event there is.</summary>
    public static IReadOnlyList<Type> Kinds { get; } = [.. typeof(HistoryEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(HistoryEvent)) && !t.IsAbstract).OrderBy(t => t.Name, StringComparer.Ordinal)];

    public static HistoryEvent Make(Type kind, Random random)
    {
        var made = kind.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var arguments = made.GetParameters().Select(p => Value(p.ParameterType, Nullability.Create(p).WriteState == NullabilityState.Nullable, random)).ToArray();
        var item = (HistoryEvent)made.Invoke(arguments);
        foreach (var property in kind.GetProperties().Where(p => p.CanWrite && arguments.Length == 0))
        {
            property.SetValue(item, Value(property.PropertyType, Nullability.Create(property).WriteState == NullabilityState.Nullable, random));
        }

        return item;
    }

    public static InputEvent MakeInput(Random random) => (InputEvent)Make(Pick(Kinds.Where(k => k.IsSubclassOf(typeof(InputEvent))).ToList(), random), random);

    public static IReadOnlyList<RequestEvent> MakeRequests(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => (RequestEvent)Make(Pick(Kinds.Where(k => k.IsSubclassOf(typeof(RequestEvent))).ToList(), random), random))];

    /// <summary>All of a value in words, to compare by: records that hold bytes or lists do not compare by content.</summary>
    public static string Show(object? value, bool payloads = true) => value switch
    {
        null => "null",
        ReadOnlyMemory<byte> bytes => payloads ? Convert.ToBase64String(bytes.Span) : "",
        string text => Convert.ToBase64String(Encoding.Unicode.GetBytes(text)),
        DateTimeOffset time => $"{time.UtcTicks}",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(item => Show(item, payloads)))}]",
        bool flag => $"{flag}",
        ITuple or Type => throw new InvalidOperationException($"Teach {nameof(RandomHistory)} to show {value.GetType()}."),
        _ => $"{value.GetType().Name} {{ {string.Join(", ", value.GetType().GetProperties().Select(p => $"{p.Name} = {Show(p.GetValue(value), payloads)}"))} }}",
    };

    private static object? Value(Type type, bool mayBeNull, Random random) =>
        mayBeNull && random.Next(3) == 0 ? null
        : type == typeof(string) ? Pick(Texts, random)
        : type == typeof(ReadOnlyMemory<byte>) ? (ReadOnlyMemory<byte>)Bytes(random)
        : type == typeof(int) ? Pick([0, 1, -1, 63, 64, int.MaxValue, int.MinValue, random.Next()], random)
        : type == typeof(long) ? Pick([0, 1, -1, long.MaxValue, long.MinValue, random.NextInt64()], random)
        : type == typeof(bool) ? random.Next(2) == 0
        : type == typeof(DateTimeOffset) ? Pick([DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(1L << 58))], random)
        : type == typeof(TimeSpan?) ? Pick([TimeSpan.Zero, TimeSpan.FromSeconds(-5), TimeSpan.FromTicks(-1), TimeSpan.MaxValue, TimeSpan.FromMilliseconds(random.Next())], random)
        : type == typeof(RunPriority) ? Pick(Enum.GetValues<RunPriority>(), random)
        : type == typeof(BudgetLimit) ? Pick([new BudgetLimit { Usd = 0.50m }, new BudgetLimit { Tokens = BudgetLimit.MostTokens }, new BudgetLimit { Usd = BudgetLimit.MostUsd, Tokens = random.NextInt64() }, new BudgetLimit { Usd = 0.0000001m, Tokens = 0 }], random)
        : type == typeof(EntityId) ? new EntityId(Pick(["counter", "ärger", "日本"], random), Pick(Texts[1..], random))
        : type == typeof(FailureDetails) ? Failure(random)
        : type == typeof(IReadOnlyList<EventRaised>) ? Enumerable.Range(0, random.Next(3)).Select(_ => (EventRaised)Make(typeof(EventRaised), random)).ToList()
        : throw new InvalidOperationException($"Teach {nameof(RandomHistory)} to make a {type}.");

    private static FailureDetails Failure(Random random) => new()
    {
        Type = Pick(Texts, random),
        Message = Pick(Texts, random),
        Permanent = random.Next(2) == 0,
        RetryAfter = (TimeSpan?)Value(typeof(TimeSpan?), mayBeNull: true, random),
        Step = (string?)Value(typeof(string), mayBeNull: true, random),
    };

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(50) == 0 ? 1 << 20 : random.Next(3) * random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T Pick<T>(IReadOnlyList<T> from, Random random) => from[random.Next(from.Count)];
}
