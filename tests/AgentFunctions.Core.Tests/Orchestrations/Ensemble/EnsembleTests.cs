using System.Text.Json;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Orchestrations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Orchestrations.Ensemble;
using AgentFunctions.Core.Policies.Voting;
using AgentFunctions.Core.Stores;
using AgentFunctions.Core.Tests.Orchestrations.Scripting;
using static AgentFunctions.Core.Tests.Orchestrations.Scripting.Scripted;

namespace AgentFunctions.Core.Tests.Orchestrations.Ensemble;

public sealed class EnsembleTests
{
    private readonly ScriptedWorld world = new();
    private readonly List<ModelCall> judged = [];

    [Fact]
    public void RunAsync_MostAgree_TheirAnswerWinsAsTheFirstOfThemGaveIt()
    {
        Models(("a", After(30, Reply("Lyon"))), ("b", After(20, Reply("**Paris**"))), ("c", After(10, Reply("paris."))));
        var result = Run(Input("a", "b", "c")).Ended();
        Assert.Equal(("b", "**Paris**", EnsembleDecision.Majority), (result.Winner, result.Answer, result.DecidedBy));
        Assert.True(result.Complete);
        Assert.Equal(["paris: b,c", "lyon: a"], result.Agreement.Groups.Select(group => $"{group.Answer}: {string.Join(',', group.Members)}"));
        Assert.Equal((0.666667, 0.333333, 0.918296), (result.Agreement.Ratio, result.Agreement.Margin, result.Agreement.Entropy));
        Assert.Equal(new Cost(6, 3, 1.5m), result.Cost);
        Assert.Equal(Cost.None, result.Wasted);
        Assert.Equal("scripted", result.Notice);
    }

    [Fact]
    public void RunAsync_Tie_WeightDecidesAndItIsSaid()
    {
        Models(("a", After(1, Reply("x"))), ("b", After(1, Reply("y"))));
        var input = Input("a", "b");
        var result = Run(input with { Members = [input.Members[0], input.Members[1] with { Weight = 1.5m }] }).Ended();
        Assert.Equal(("b", EnsembleDecision.TieByWeight), (result.Winner, result.DecidedBy));
        Assert.Equal("2 answers have 1 vote each: the greater weight decided. scripted", result.Notice);
    }

    [Fact]
    public void RunAsync_TieOfEqualWeights_TheFirstMemberDecidesWhoeverWasQuicker()
    {
        Models(("a", After(50, Reply("x"))), ("b", After(1, Reply("y"))));
        var result = Run(Input("a", "b")).Ended();
        Assert.Equal(("a", EnsembleDecision.TieByOrder), (result.Winner, result.DecidedBy));
        Assert.StartsWith("2 answers have 1 vote each: the order of the members decided.", result.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_QuorumDecided_GivesTheRestUpAndReportsWhatItCost()
    {
        Models(("a", After(10, Reply("x"))), ("b", After(20, Reply("X"))), ("c", Never<ModelReply>()));
        var run = Run(Input("a", "b", "c") with { Quorum = new() });
        var result = run.Ended();
        Assert.Equal(20, run.Elapsed.TotalMilliseconds);
        Assert.Equal(("a", EnsembleDecision.Unanimous, false), (result.Winner, result.DecidedBy, result.Complete));
        Assert.Equal([BranchStatus.Succeeded, BranchStatus.Succeeded, BranchStatus.Cancelled], result.Members.Select(member => member.Status));

        // 19 characters of instructions and 4 of the prompt, at four a token.
        Assert.Equal(new Cost(6, 0, 0, Estimated: true), result.Wasted);
        Assert.Equal(new Cost(10, 2, 1m, Estimated: true), result.Cost);
        Assert.Equal(1, world.Cancelled["activity"]);
    }

    [Fact]
    public void RunAsync_QuorumNotYetDecided_WaitsOn()
    {
        // x leads 2 to 0 and 2 to 1, but y would win a tie, as its first member comes first.
        Models(("a", After(30, Reply("y"))), ("b", After(40, Reply("y"))), ("c", After(10, Reply("x"))), ("d", After(20, Reply("x"))));
        var run = Run(Input("a", "b", "c", "d") with { Quorum = new() });
        Assert.Equal(("a", EnsembleDecision.TieByOrder), (run.Ended().Winner, run.Result!.DecidedBy));
        Assert.Equal(40, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_AgreeingReached_EndsAtOnceForAJudgeToo()
    {
        Models(("a", After(10, Reply("x"))), ("b", After(20, Reply("y"))), ("c", After(30, Reply("y"))), ("d", Never<ModelReply>()));
        var result = Run(Input("a", "b", "c", "d") with { Method = EnsembleMethod.Judge, Quorum = new() { Agreeing = 2 } }).Ended();
        Assert.Equal(("b", EnsembleDecision.Quorum), (result.Winner, result.DecidedBy));
        Assert.Null(result.Judge);
    }

    [Fact]
    public void RunAsync_SomeFail_TheOthersVoteAndTheResultIsPartial()
    {
        Models(("a", Fails<ModelReply>(5, new PermanentFailureException("no such model"))), ("b", After(10, Reply("x"))), ("c", Never<ModelReply>()));
        var run = Run(Input("a", "b", "c") with { MemberTimeout = TimeSpan.FromSeconds(1) });
        var result = run.Ended();
        Assert.Equal((false, "b", EnsembleDecision.Unanimous), (result.Complete, result.Winner, result.DecidedBy));
        Assert.Equal([BranchStatus.Failed, BranchStatus.Succeeded, BranchStatus.TimedOut], result.Members.Select(member => member.Status));
        Assert.Equal("no such model", result.Members[0].Error!.Message);
        Assert.Equal(1000, run.Elapsed.TotalMilliseconds);
    }

    [Fact]
    public void RunAsync_AllFail_TheRunFailsAndNamesEach()
    {
        Models(("a", Fails<ModelReply>(5, new PermanentFailureException("no a"))), ("b", Fails<ModelReply>(5, new PermanentFailureException("no b"))));
        var run = Run(Input("a", "b"));
        Assert.Equal(("AllMembersFailed", true), (run.Failure!.Type, run.Failure.Permanent));
        Assert.Equal("No member answered. a (a): PermanentFailureException: no a b (b): PermanentFailureException: no b", run.Failure.Message);
        Assert.Empty(run.LeftOpen);
    }

    [Fact]
    public void RunAsync_Labels_AreAskedForAndAnswersWithoutOneCastNoVote()
    {
        Models(("a", After(1, Reply("It is a bug."))), ("b", After(1, Reply("no idea"))), ("c", After(1, Reply("feature or bug"))));
        var result = Run(Input("a", "b", "c") with { Extract = new() { Labels = ["bug", "feature"] } }).Ended();
        Assert.Equal(("a", "It is a bug.", EnsembleDecision.Unanimous), (result.Winner, result.Answer, result.DecidedBy));
        Assert.Equal(["b", "c"], result.Agreement.Unclear);
        Assert.True(result.Complete);
    }

    [Fact]
    public void RunAsync_NoVotes_IsUndecidedAndKeepsTheAnswers()
    {
        Models(("a", After(1, Reply("no idea"))), ("b", After(1, Reply("?"))));
        var result = Run(Input("a", "b") with { Extract = new() { Pattern = @"\d+" } }).Ended();
        Assert.Equal((null, null, EnsembleDecision.Undecided), (result.Answer, result.Winner, result.DecidedBy));
        Assert.Equal(["no idea", "?"], result.Members.Select(member => member.Answer!.Text));
        Assert.StartsWith("No answer could be counted", result.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_StoredAnswers_AreCountedByTheActivityAndOnlyTheWinnerIsRead()
    {
        var address = new ContentRef(new string('a', 64), 9_000);
        Models(("a", After(1, Reply("") with { Text = new() { Ref = address } })), ("b", After(1, Reply("y"))), ("c", After(1, Reply("") with { Text = new() { Ref = address with { Length = 9_001 } } })));
        world.Activity(ActivityReferences.ReadVote, call => call.Attempt == 1 && call.Label == "a" ? Fails<AnswerVote>(1, new IOException("busy")) : After(1, new AnswerVote("long")));
        world.Activity(ActivityReferences.ReadContent, call => After(1, $"long text of {call.Input.Length}"));
        var result = Run(Input("a", "b", "c")).Ended();
        Assert.Equal(("a", "long text of 9000"), (result.Winner, result.Answer));
        Assert.Equal(3, world.Calls("CallModel"));
        Assert.Equal(1, world.Calls("ReadContent"));
    }

    [Fact]
    public void RunAsync_Judge_PicksByItsNumberAmongTheShownAndCannotRewrite()
    {
        Models(("a", After(1, Reply("one"))), ("b", After(1, Reply("two"))), ("c", After(1, Reply("three"))), ("fast", After(5, Reply("2"))));
        var result = Run(Input("a", "b", "c") with { Method = EnsembleMethod.Judge }).Ended();
        Assert.Equal(EnsembleDecision.Judge, result.DecidedBy);
        Assert.Equal(result.Judge!.Shown[1], result.Winner);
        Assert.Equal(result.Members.Single(member => member.Key == result.Winner).Answer!.Text, result.Answer);
        Assert.Equal(["Question", "Candidate 1", "Candidate 2", "Candidate 3"], judged.Single().Parts.Select(part => part.Title));
        Assert.Equal((true, new Cost(2, 1, 0.5m)), (result.Judge.Valid, result.Judge.Cost));
        Assert.Equal(new Cost(8, 4, 2m), result.Cost);
    }

    [Fact]
    public void RunAsync_JudgeScores_TheHighestWins()
    {
        Models(("a", After(1, Reply("one"))), ("b", After(1, Reply("two"))), ("j", After(5, Reply("1: 3\n2: 8"))));
        var result = Run(Input("a", "b") with { Method = EnsembleMethod.Judge, Judge = new() { Model = "j", Scores = true, Criteria = "short" } }).Ended();
        Assert.Equal(result.Judge!.Shown[1], result.Winner);
        Assert.Equal([3d, 8], result.Judge.Scores!);
        Assert.Contains("A good answer is short.", judged[0].Instructions, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_InvalidJudge_IsAskedOnceMoreWithTheFault()
    {
        var replies = new Queue<string>(["The second one.", "1"]);
        Models(("a", After(1, Reply("one"))), ("b", After(1, Reply("two"))));
        Judge(() => After(1, Reply(replies.Dequeue())));
        var result = Run(Input("a", "b") with { Method = EnsembleMethod.Judge }).Ended();
        Assert.Equal((EnsembleDecision.Judge, true), (result.DecidedBy, result.Judge!.Valid));
        Assert.Equal(["'The second one.' is not one number from 1 to 2."], result.Judge.Faults);
        Assert.EndsWith("Your last reply was not valid: 'The second one.' is not one number from 1 to 2.", judged[1].Instructions, StringComparison.Ordinal);
        Assert.Equal(new Cost(4, 2, 1m), result.Judge.Cost);
    }

    [Fact]
    public void RunAsync_JudgeInvalidTwice_FallsBackToTheVoteAndSaysSo()
    {
        Models(("a", After(1, Reply("x"))), ("b", After(1, Reply("y"))), ("c", After(1, Reply("y"))), ("fast", After(1, Reply("3 or 1"))));
        var result = Run(Input("a", "b", "c") with { Method = EnsembleMethod.Judge }).Ended();
        Assert.Equal(("b", EnsembleDecision.Majority, false), (result.Winner, result.DecidedBy, result.Judge!.Valid));
        Assert.Equal(2, judged.Count);
        Assert.StartsWith("The judge gave no valid reply, so the vote decided.", result.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAsync_JudgeFails_FallsBackToTheVoteAtOnce()
    {
        Models(("a", After(1, Reply("x"))), ("b", After(1, Reply("y"))), ("fast", Fails<ModelReply>(1, new PermanentFailureException("no judge"))));
        var result = Run(Input("a", "b") with { Method = EnsembleMethod.Judge }).Ended();
        Assert.Equal(("a", EnsembleDecision.TieByOrder), (result.Winner, result.DecidedBy));
        Assert.Equal(["PermanentFailureException: no judge"], result.Judge!.Faults);
        Assert.Single(judged);
    }

    [Fact]
    public void RunAsync_JudgeButAllAgree_AsksNoJudge()
    {
        Models(("a", After(1, Reply("x"))), ("b", After(1, Reply("X."))));
        var result = Run(Input("a", "b") with { Method = EnsembleMethod.Judge }).Ended();
        Assert.Equal((EnsembleDecision.Unanimous, 2), (result.DecidedBy, world.Calls("CallModel")));
    }

    [Fact]
    public void RunAsync_ManyRuns_ShowTheJudgeDifferentOrders()
    {
        // One order for a run (it is drawn from the run's ID), so that a replay shows the same; six members have 720 orders, of which the runs of one ID have one.
        string[] keys = ["a", "b", "c", "d", "e", "f"];
        Models([.. keys.Select(key => (key, After(1, Reply(key)))), ("fast", After(1, Reply("1")))]);
        var first = Run(Input(keys) with { Method = EnsembleMethod.Judge }).Ended().Judge!.Shown;
        var again = Run(Input(keys) with { Method = EnsembleMethod.Judge }).Ended().Judge!.Shown;
        Assert.Equal(first, again);
        Assert.Equal(keys, first.Order());
        Assert.NotEqual(keys, first);
    }

    [Theory]
    [InlineData("""{"members":[{"key":"a","model":"fast"},{"key":"b","model":"fast"}]}""", "prompt", "The prompt is empty.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"fast"}]}""", "members", "There are 1 members. Send 2 to 50.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":""},{"key":"a","model":"x"}]}""", "members[0].model", "The model is empty.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x"},{"key":"a","model":"x"}]}""", "members[1].key", "The key 'a' is also that of members[0].key.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x","weight":-1},{"key":"b","model":"x"}]}""", "members[0].weight", "The weight is -1. It must be 0 to 1,000.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x","temperature":3},{"key":"b","model":"x"}]}""", "members[0].temperature", "The temperature is 3. It must be 0 to 2.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x"},{"key":"b","model":"x"}],"extract":{"pattern":"(?=a)"}}""", "extract.pattern", "'(?=a)' can't be used:")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x"},{"key":"b","model":"x"}],"extract":{"labels":["a","A."]}}""", "extract.labels[1]", "The label 'A.' equals an earlier one")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x"},{"key":"b","model":"x"}],"judge":{}}""", "judge", "A judge is given, but the method is Vote.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x"},{"key":"b","model":"x"}],"quorum":{"agreeing":3}}""", "quorum.agreeing", "agreeing is 3 of 2 members. It must be 2 to 2.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x"},{"key":"b","model":"x"}],"method":"Judge","quorum":{}}""", "quorum.agreeing", "The quorum says nothing that could end the run early.")]
    [InlineData("""{"prompt":"p","members":[{"key":"a","model":"x"},null],"maxAttempts":0}""", "maxAttempts", "maxAttempts is 0. It must be 1 to 10.")]
    public void Validate_WrongInput_NamesPathValueAndRemedy(string input, string path, string message)
    {
        var errors = world.Catalog.Orchestrator("Ensemble").Validate(JsonElement.Parse(input), world.Json).ByPath;
        Assert.True(errors.TryGetValue(path, out var messages), string.Join("; ", errors.Keys));
        Assert.Contains(messages, it => it.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PrepareAsync_LongPrompt_IsStored()
    {
        var store = new MemoryContentStore();
        var prepared = await new EnsembleOrchestrator().PrepareAsync(Input("a", "b") with { Prompt = new string('p', 5_000) }, store, CancellationToken.None);
        Assert.Null(prepared.Prompt);
        Assert.Equal(5_000, prepared.PromptRef!.Length);
    }

    private static EnsembleInput Input(params string[] keys) => new() { Prompt = "Who?", Members = [.. keys.Select(key => new EnsembleMember { Key = key, Model = key })] };

    private static ModelReply Reply(string text) => new() { Text = new Content { Text = text }, Model = "m", Cost = new Cost(2, 1, 0.5m), Notice = "scripted" };

    private ScriptedRun<EnsembleResult> Run(EnsembleInput input) => world.Run(OrchestratorReferences.Ensemble, input);

    private void Models(params (string Model, Scripted<ModelReply> Script)[] scripts)
    {
        models = scripts.ToDictionary(it => it.Model, it => it.Script);
        world.Activity(ActivityReferences.CallModel, call =>
        {
            if (call.Input.Purpose == ModelPurpose.Judge) judged.Add(call.Input);
            return call.Input.Purpose == ModelPurpose.Judge && judge is not null ? judge() : models[call.Input.Model];
        });
    }

    private void Judge(Func<Scripted<ModelReply>> script) => judge = script;

    private Dictionary<string, Scripted<ModelReply>> models = [];
    private Func<Scripted<ModelReply>>? judge;
}
