using AgentFunctions.Conformance.Hosting;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Ensemble;

namespace AgentFunctions.Conformance.Patterns;

/// <summary>One prompt to several models, on every host.</summary>
public abstract class EnsembleConformance(IConformanceHosts hosts, HostFlavour flavour) : PatternConformance(hosts, flavour)
{
    private static readonly EnsembleMember[] Members = [new() { Key = "a", Model = "fast" }, new() { Key = "b", Model = "no-such-model" }, new() { Key = "c", Model = "capable" }];

    [Fact]
    public async Task Ensemble_Example_AgreesOnALabel()
    {
        await PatternHostAsync();

        var result = await ExampleAsync(OrchestratorReferences.Ensemble, "ensemble.json");

        Assert.Equal("crash", result.Answer);
        Assert.Equal(EnsembleDecision.Unanimous, result.DecidedBy);
    }

    [Fact]
    public async Task Ensemble_AMemberThatIsNotThere_LeavesTheOthersToVoteOnStoredAnswers()
    {
        await PatternHostAsync();

        // The offline model answers a long text with a long extract, which is stored.
        var sentences = Enumerable.Range(1, 400).Select(i => $"The lighthouse keeper wrote entry {i} about the storm and the ships that passed.");
        var result = await ResultAsync(OrchestratorReferences.Ensemble, new EnsembleInput { Prompt = $"What did the keeper write?\n\n{string.Join(' ', sentences)}", Members = Members });

        Assert.False(result.Complete);
        Assert.Equal(("a", EnsembleDecision.Unanimous), (result.Winner, result.DecidedBy));
        Assert.Equal(["a", "c"], result.Agreement.Groups.Single().Members);
        Assert.Contains("keeper", result.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensemble_Judge_GivesOneOfTheAnswersUnchanged()
    {
        await PatternHostAsync();
        EnsembleMember[] members = [Members[0] with { Instructions = "Which ships were lost?" }, Members[2] with { Instructions = "Who carried the oil?" }];

        var result = await ResultAsync(OrchestratorReferences.Ensemble, new EnsembleInput
        {
            Prompt = "Eleven ships were lost there in one winter. The oil was carried up by three keepers. Stone was cut on the mainland. The lamp burned until 1868. In autumn there was fog.",
            Members = members,
            Method = EnsembleMethod.Judge,
            MaxOutputTokens = 20,
        });

        Assert.Equal(result.Members.Single(member => member.Key == result.Winner).Answer!.Text, result.Answer);
        Assert.Equal(EnsembleDecision.Judge, result.DecidedBy);
        Assert.True(result.Judge!.Valid);
    }
}
