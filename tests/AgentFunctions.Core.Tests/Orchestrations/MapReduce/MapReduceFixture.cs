using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations.MapReduce;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.MapReduce;

/// <summary>A world whose models answer with the numbers of the chunks they were given, so that a result shows what is in it.</summary>
internal sealed class MapReduceFixture
{
    private static readonly ContentRef Set = new(new string('5', 64), 1);

    public MapReduceFixture(int chunks)
    {
        World.Activity(ActivityReferences.SplitDocument, call => After(5, new ChunkSet { Set = Set, Count = chunks, Documents = call.Input.Documents.Count }));
        World.Activity(ActivityReferences.CallModel, call =>
        {
            Models.Add(call.Input.Model);
            Instructions.Add(call.Input.Instructions);
            return Script(call) ?? After(10, Reply(Answer(call.Input)));
        });
        World.Activity(ActivityReferences.ReadContent, _ => After(1, "the stored text"));
    }

    public ScriptedWorld World { get; } = new();

    /// <summary>Overrides a call's script.</summary>
    public Func<ScriptedCall<ModelCall>, Scripted<ModelReply>?> Script { get; set; } = _ => null;

    public List<string> Models { get; } = [];

    public HashSet<string> Instructions { get; } = [];

    public ScriptedRun<MapReduceResult> Run(MapReduceInput? input = null) => World.Run(Core.Orchestrations.OrchestratorReferences.MapReduce, input ?? Input);

    public static MapReduceInput Input { get; } = new() { Task = "List the chunks.", Documents = [new() { Id = "d", Text = "text" }] };

    public static ModelReply Reply(string text) => new() { Text = new Content { Text = text }, Model = "m", Cost = new Cost(2, 1, 0.5m), Notice = "scripted" };

    /// <summary>The number of the chunk of a map call, or null.</summary>
    public static int? ChunkOf(ScriptedCall<ModelCall> call) => call.Input.Parts[0].Chunk?.Index;

    public static string Chunks(int count, params int[] without) => string.Join(' ', Enumerable.Range(0, count).Except(without));

    private static string Answer(ModelCall call) => string.Join(' ', call.Parts.Select(part => part.Chunk is { } chunk ? $"{chunk.Index}" : part.Content!.Text));
}
