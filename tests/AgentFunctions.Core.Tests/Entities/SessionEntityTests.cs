using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Entities;
using AgentFunctions.Core.Entities.Session;
using AgentFunctions.Core.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Entities;

public sealed class SessionEntityTests
{
    private static readonly System.Text.Json.JsonSerializerOptions json = new CatalogBuilder().AddEntities().Build().Json;
    private static readonly EntityContext context = new(EntityReferences.Session("s"), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly IEntityDefinition entity = new SessionEntity();
    private SessionState state = new();

    [Fact]
    public void Get_Nothing_HasNoHead() => Assert.Equal(new SessionHead(0, null, null), Apply(SessionEntity.Get, 0));

    [Fact]
    public void Append_TheExpectedVersion_IsAccepted()
    {
        Assert.Equal(new SessionWrite(true, new SessionHead(1, At(1), "r1")), Apply(SessionEntity.Append, new SessionAppend(0, At(1), "r1")));
        Assert.Equal(new SessionHead(1, At(1), "r1"), Apply(SessionEntity.Get, 0));
        Assert.Equal(new SessionEntry(1, At(1), "r1", context.UtcNow), Assert.Single(state.Log));
    }

    [Fact]
    public void Append_AnotherVersion_IsRefusedWithWhereItStands()
    {
        Apply(SessionEntity.Append, new SessionAppend(0, At(1), "r1"));
        var before = state;

        Assert.Equal(new SessionWrite(false, new SessionHead(1, At(1), "r1")), Apply(SessionEntity.Append, new SessionAppend(0, At(2), "r2")));
        Assert.Equal(DurableJson.Write(before, json), DurableJson.Write(state, json));
    }

    [Fact]
    public void Append_TheSameTwice_IsAcceptedAndChangesNothing()
    {
        Apply(SessionEntity.Append, new SessionAppend(0, At(1), "r1"));

        Assert.True(Apply(SessionEntity.Append, new SessionAppend(0, At(1), "r1")).Accepted);
        Assert.Equal(1, state.Version);
    }

    [Fact]
    public void Append_ManyRuns_KeepsTheNewest()
    {
        for (var i = 0; i < 300; i++) Apply(SessionEntity.Append, new SessionAppend(i, At(i), $"r{i}"));

        Assert.Equal(300, state.Version);
        Assert.Equal(Enumerable.Range(101, 200).Select(i => (long)i), state.Log.Select(entry => entry.Version));
    }

    /// <summary>Runs that read and append in any order: each append is accepted exactly if nobody came between, and the log is that of the accepted ones.</summary>
    [Fact]
    public void Append_AnyInterleaving_IsThatOfTheModel() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        state = new();
        var model = new List<ContentRef>();
        var readBy = new Dictionary<int, long>();
        for (var step = 0; step < 60; step++)
        {
            var run = random.Next(4);
            if (random.Next(2) == 0 || !readBy.TryGetValue(run, out var version))
            {
                readBy[run] = Apply(SessionEntity.Get, 0).Version;
                continue;
            }

            var head = At(step);
            var written = Apply(SessionEntity.Append, new SessionAppend(version, head, $"r{run}-{step}"));
            Assert.Equal(version == model.Count, written.Accepted);
            if (written.Accepted) model.Add(head);
            Assert.Equal(model.Count, written.Session.Version);
            Assert.Equal(model.LastOrDefault(), written.Session.Head);
        }

        Assert.Equal(model, state.Log.Select(entry => entry.Head));
    }));

    private static ContentRef At(int number) => ContentRef.Of(BitConverter.GetBytes(number));

    // The state crosses JSON between operations, as in the engines.
    private TAnswer Apply<TInput, TAnswer>(EntityOperation<TInput, TAnswer> operation, TInput input)
    {
        var outcome = entity.Apply(operation.Name, entity.ReadState(DurableJson.Write(state, json), json), DurableJson.ToElement(input, json), context, json);
        state = (SessionState)outcome.State!;
        return DurableJson.Read<TAnswer>(outcome.Answer, json);
    }
}
