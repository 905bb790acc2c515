using System.Text.Json;
using AgentFunctions.Core.Policies.Speculation;

namespace AgentFunctions.Core.Tests.Policies.Speculation;

public sealed class ToolPredictionTests
{
    [Fact]
    public void Predict_NothingIsKnown_ExpectsNothing() => Assert.Empty(ToolPrediction.Predict(ToolHabits.None, TurnSituation.Start("t"), 0.5));

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void Predict_EqualArguments_AreExpectedAfterThreeSightings(int times, int expected)
    {
        var habits = Repeat(times, _ => (TurnSituation.Start(null), [("a", """{"x":1}""")]));

        var predicted = ToolPrediction.Predict(habits, TurnSituation.Start(null), ToolPrediction.DefaultThreshold);

        Assert.Equal(expected, predicted.Count);
        Assert.All(predicted, call => Assert.Equal(("a", """{"x":1}""", 0.8), (call.Tool, call.Arguments.GetRawText(), call.Confidence)));
    }

    [Fact]
    public void Predict_ArgumentsCopiedFromTheLastResult_AreCopiedAgain()
    {
        var habits = Repeat(3, i => (After("find", $$"""{"n":{{i}}}""", $$"""{"hits":[{"file":"f{{i}}.txt","line":{{i + 10}}}]}"""), [("open", $$"""{"path":"f{{i}}.txt","at":{{i + 10}},"lines":20}""")]));

        var predicted = Assert.Single(ToolPrediction.Predict(habits, After("find", """{"n":9}""", """{"hits":[{"file":"new.txt","line":77}]}"""), 0.8));

        Assert.Equal("""{"at":77,"lines":20,"path":"new.txt"}""", predicted.Arguments.GetRawText());
    }

    [Fact]
    public void Predict_ArgumentsCopiedFromTheTask_AreCopiedAgain()
    {
        var habits = Repeat(3, i => (TurnSituation.Start($"task {i}"), [("find", $$"""{"query":"task {{i}}"}""")]));

        Assert.Equal("""{"query":"another"}""", Assert.Single(ToolPrediction.Predict(habits, TurnSituation.Start("another"), 0.8)).Arguments.GetRawText());
    }

    [Fact]
    public void Predict_WhatItWouldCopyIsNotThere_IsNotExpected()
    {
        var habits = Repeat(3, i => (After("find", $$"""{"n":{{i}}}""", $$"""{"file":"f{{i}}"}"""), [("open", $$"""{"path":"f{{i}}"}""")]));

        Assert.Empty(ToolPrediction.Predict(habits, After("find", """{"n":9}""", """{"other":"x"}"""), 0.8));
        Assert.Empty(ToolPrediction.Predict(habits, TurnSituation.After([new ToolOutcome("find", "{}", true, null)]), 0.8));
    }

    [Fact]
    public void Predict_AnAnswerSometimesFollows_IsLessSure()
    {
        var habits = Repeat(10, i => (TurnSituation.Start(null), i % 5 == 0 ? [] : [("a", "{}")]));

        Assert.Empty(ToolPrediction.Predict(habits, TurnSituation.Start(null), 0.8));
        Assert.Equal(9.0 / 12.0, Assert.Single(ToolPrediction.Predict(habits, TurnSituation.Start(null), 0.7)).Confidence);
    }

    [Fact]
    public void Predict_AFailedCall_IsAnotherSituation()
    {
        var habits = Repeat(3, _ => (TurnSituation.After([new ToolOutcome("find", "{}", true, null)]), [("a", "{}")]));

        Assert.Empty(ToolPrediction.Predict(habits, TurnSituation.After([new ToolOutcome("find", "{}", false, null)]), 0.5));
    }

    [Fact]
    public void Predict_TheSpecialSituationIsKnown_TheGeneralOneIsNotAsked()
    {
        // After find(1) comes a, after find(2) comes b: in general it is a toss-up.
        var habits = Repeat(8, i => (After("find", $$"""{"n":{{i % 2}}}""", "null"), [(i % 2 == 0 ? "a" : "b", "{}")]));

        Assert.Equal("a", Assert.Single(ToolPrediction.Predict(habits, After("find", """{"n":0}""", "null"), 0.8)).Tool);
        Assert.Equal("b", Assert.Single(ToolPrediction.Predict(habits, After("find", """{"n":1}""", "null"), 0.8)).Tool);
        Assert.Empty(ToolPrediction.Predict(habits, After("find", """{"n":2}""", "null"), 0.8));
    }

    [Fact]
    public void Predict_SeveralCallsFollowTogether_AreAllExpected()
    {
        var habits = Repeat(4, _ => (TurnSituation.Start(null), [("b", "{}"), ("a", """{"x":1}"""), ("a", """{"x":2}""")]));

        Assert.Equal(["""a {"x":1}""", """a {"x":2}""", "b {}"], ToolPrediction.Predict(habits, TurnSituation.Start(null), 0.8).Select(call => $"{call.Tool} {call.Arguments}"));
    }

    [Fact]
    public void Learn_AnAgentThatChangesItsWays_IsFollowed()
    {
        var habits = Repeat(200, i => (TurnSituation.Start(null), [(i < 100 ? "old" : "new", "{}")]));

        Assert.Equal("new", Assert.Single(ToolPrediction.Predict(habits, TurnSituation.Start(null), 0.6)).Tool);
    }

    [Fact]
    public void Observe_ArgumentsThatAreTooLong_AreNotLearned() =>
        Assert.Empty(HabitLearning.Observe(TurnSituation.Start(null), [("a", JsonElement.Parse($$"""{"x":"{{new string('x', 300)}}"}"""))]).Calls);

    private static TurnSituation After(string tool, string arguments, string value) => TurnSituation.After([new ToolOutcome(tool, arguments, true, JsonElement.Parse(value))]);

    private static ToolHabits Repeat(int times, Func<int, (TurnSituation Situation, (string Tool, string Arguments)[] Calls)> turn) => Enumerable.Range(0, times).Select(turn).Aggregate(
        ToolHabits.None,
        (habits, it) => HabitLearning.Learn(habits, HabitLearning.Observe(it.Situation, it.Calls.Select(call => (call.Tool, JsonElement.Parse(call.Arguments))))));
}
