using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Tests.Orchestrations.Scripting;

/// <summary>
/// An engine for tests: one thread, virtual time, a queue of events in the order of time. Values cross it as JSON, activities are scripts,
/// continuations run inline under its synchronization context as the real engines run them. It counts what is asked for, and reports what
/// is left running when a run ends.
/// </summary>
internal sealed class ScriptedWorld : SynchronizationContext
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Catalog Patterns = new CatalogBuilder().AddPatterns().AddEntities().Build();

    private readonly PriorityQueue<Action, (DateTimeOffset Time, long Number)> events = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private readonly Dictionary<string, Func<byte[], string?, (TimeSpan? Delay, byte[]? Output, FailureDetails? Error)>> activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> running = new(StringComparer.Ordinal);
    private readonly HashSet<ScriptedStep> open = [];
    private readonly Dictionary<EntityId, ReadOnlyMemory<byte>> entities = [];
    private ScriptedContext? root;
    private long eventNumber;

    public Catalog Catalog => Patterns;

    public JsonSerializerOptions Json => Catalog.Json;

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>Everything that was asked for, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Custom statuses by instance.</summary>
    public Dictionary<string, List<string>> Statuses { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps asked for, by instance.</summary>
    public Dictionary<string, int> Steps { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes of inputs and outputs in history, by instance.</summary>
    public Dictionary<string, long> Bytes { get; } = new(StringComparer.Ordinal);

    /// <summary>The most that ran at once, by activity.</summary>
    public Dictionary<string, int> MostRunning { get; } = new(StringComparer.Ordinal);

    /// <summary>Cancelled steps by kind.</summary>
    public Dictionary<string, int> Cancelled { get; } = new(StringComparer.Ordinal);

    public int Calls(string name) => Log.Count(line => line.Contains($" activity {name} ", StringComparison.Ordinal));

    public void Activity<TIn, TOut>(ActivityReference<TIn, TOut> reference, Func<ScriptedCall<TIn>, Scripted<TOut>> script)
    {
        var attempts = new Dictionary<string, int>(StringComparer.Ordinal);
        activities[reference.Name] = (input, label) =>
        {
            var text = System.Text.Encoding.UTF8.GetString(input);
            var attempt = attempts[text] = attempts.GetValueOrDefault(text) + 1;
            var scripted = script(new(DurableJson.Read<TIn>(input, Json), label, attempt));
            return (scripted.Delay, scripted.Error is null && scripted.Delay is not null ? DurableJson.Write(scripted.Value, Json)! : null, scripted.Error is null ? null : FailureDetails.From(scripted.Error, reference.Name));
        };
    }

    public ScriptedRun<TOut> Run<TIn, TOut>(OrchestratorReference<TIn, TOut> reference, TIn input) => Run(reference.Name, DurableJson.Write(input, Json), bytes => DurableJson.Read<TOut>(bytes, Json));

    public ScriptedRun<JsonElement> RunJson(string name, string input) => Run(name, System.Text.Encoding.UTF8.GetBytes(input), bytes => DurableJson.Parse(bytes));

    public ScriptedRun<T> Run<T>(Func<OrchestrationContext, Task<T>> body)
    {
        T? result = default;
        return Drive(new ScriptedContext(this, "test", "run", null), async context => result = await body(context), () => result!);
    }

    /// <summary>Raises an external event for the run, after a while.</summary>
    public void Raise(int milliseconds, string name, string payload) => At(TimeSpan.FromMilliseconds(milliseconds), () => root!.Raise(name, System.Text.Encoding.UTF8.GetBytes(payload)));

    /// <summary>An entity's saved state, or null where it has none.</summary>
    public T? EntityState<T>(EntityId entity)
        where T : class => entities.TryGetValue(entity, out var state) ? DurableJson.Read<T>(state, Json) : null;

    /// <summary>Applies an operation of an entity.</summary>
    public (byte[]? Answer, FailureDetails? Error) Apply(EntityId entity, string operation, byte[] input)
    {
        try
        {
            var definition = Catalog.Entities[entity.Name];
            var outcome = definition.Apply(operation, definition.ReadState(entities.GetValueOrDefault(entity), Json), DurableJson.Parse(input), new EntityContext(entity, Now), Json);
            entities[entity] = definition.WriteState(outcome.State, Json);
            return (outcome.Answer.ToArray(), null);
        }
        catch (Exception exception)
        {
            return (null, FailureDetails.From(exception, $"{entity}.{operation}"));
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => posted.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public void At(TimeSpan delay, Action action) => events.Enqueue(action, (Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), eventNumber++));

    public ScriptedStep Begin(ScriptedContext owner, string kind, string name, string? label, byte[]? input)
    {
        Log.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(Now - Start).TotalMilliseconds} {owner.InstanceId} {kind} {name} {label} {(input is null ? "" : ContentRef.Of(input).Sha256[..8])}"));
        Steps[owner.InstanceId] = Steps.GetValueOrDefault(owner.InstanceId) + 1;
        Bytes[owner.InstanceId] = Bytes.GetValueOrDefault(owner.InstanceId) + (input?.Length ?? 0);
        var step = new ScriptedStep(owner, kind, name, label, Over);
        open.Add(step);
        owner.Open.Add(step);
        if (kind == "activity") MostRunning[name] = Math.Max(MostRunning.GetValueOrDefault(name), running[name] = running.GetValueOrDefault(name) + 1);
        return step;
    }

    public (TimeSpan? Delay, byte[]? Output, FailureDetails? Error) Play(string activity, byte[] input, string? label) =>
        activities.TryGetValue(activity, out var script) ? script(input, label) : throw new InvalidOperationException($"The test scripts no activity '{activity}'.");

    public void StartSub(ScriptedContext child, string name, byte[] input, Action<byte[]?, FailureDetails?> ended)
    {
        At(TimeSpan.Zero, () => _ = RunSubAsync());

        async Task RunSubAsync()
        {
            byte[]? output = null;
            FailureDetails? error = null;
            try
            {
                if (child.IsTerminated) return;
                output = (await Catalog.Orchestrator(name).RunAsync(child, input, Json)).ToArray();
            }
            catch (Exception exception)
            {
                error = FailureDetails.From(exception, name);
            }

            // What a sub-orchestration leaves open stays in the list of the open, and fails the test at the end.
            At(TimeSpan.Zero, () => ended(output, error));
        }
    }

    private ScriptedRun<T> Run<T>(string name, byte[] input, Func<byte[], T> read)
    {
        byte[]? output = null;
        return Drive(new ScriptedContext(this, name, "run", null), async context => output = (await Catalog.Orchestrator(name).RunAsync(context, input, Json)).ToArray(), () => read(output!));
    }

    private ScriptedRun<T> Drive<T>(ScriptedContext root, Func<ScriptedContext, Task> body, Func<T> result)
    {
        this.root = root;
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            Task? task = null;
            At(TimeSpan.Zero, () => task = body(root));
            while (task is not { IsCompleted: true })
            {
                if (posted.TryDequeue(out var post)) post.Callback(post.State);
                else if (events.TryDequeue(out var action, out var key)) Step(action, key.Time);
                else throw new InvalidOperationException($"The run waits for ever. Open: {string.Join("; ", root.Open)}");
            }

            var failure = task.Exception is { } exception ? FailureDetails.From(exception) : null;
            return new(failure is null ? result() : default, failure, Now - Start, [.. open.Select(step => step.ToString())]);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private void Step(Action action, DateTimeOffset time)
    {
        Now = time;
        action();
    }

    private void Over(ScriptedStep step)
    {
        open.Remove(step);
        step.Owner.Open.Remove(step);
        if (step.Kind == "activity") running[step.Name]--;
        if (step.WasCancelled) Cancelled[step.Kind] = Cancelled.GetValueOrDefault(step.Kind) + 1;
    }
}

/// <summary>How a run in a scripted world ended.</summary>
/// <param name="Result">What it gave.</param>
/// <param name="Failure">How it failed.</param>
/// <param name="Elapsed">Virtual time.</param>
/// <param name="LeftOpen">What was neither ended nor cancelled.</param>
internal sealed record ScriptedRun<T>(T? Result, FailureDetails? Failure, TimeSpan Elapsed, IReadOnlyList<string> LeftOpen)
{
    /// <summary>The result of a run that did not fail and left nothing running.</summary>
    public T Ended()
    {
        Assert.Null(Failure);
        Assert.Empty(LeftOpen);
        return Result!;
    }
}
