using AgentFunctions.Core.Resilience;

namespace AgentFunctions.Core.Tests.Resilience;

public sealed class ResilienceOptionsTests
{
    private static readonly ResilienceOptionsValidation Validation = new();

    [Fact]
    public void Validate_Defaults_AreFine() => Assert.True(Validation.Validate(null, new ResilienceOptions()).Succeeded);

    [Fact]
    public void Validate_OutOfRange_NamesEachSettingItsValueAndTheRange()
    {
        var options = new ResilienceOptions { ShareEvery = TimeSpan.Zero };
        options.Models.FailureRatio = 0;
        options.Models.LongestBreak = TimeSpan.FromSeconds(1);
        options.Tools.MinimumThroughput = 1;
        options.Tools.ConsecutiveFailures = -1;
        options.PerTool["weather"] = new ToolCircuitOptions { ProbeLease = TimeSpan.Zero };
        options.Retry.MaxRetries = 11;
        options.Retry.MaxDelay = TimeSpan.Zero;
        options.Retry.BudgetRatio = double.NaN;

        Assert.Equal(
            [
                "Resilience:ShareEvery is 00:00:00. Set it to between 00:00:00.1000000 and 00:01:00.",
                "Resilience:Models:FailureRatio is 0. Set it to above 0 and up to 1.",
                "Resilience:Models:LongestBreak is 00:00:01. Set it to between 00:00:05 and 01:00:00.",
                "Resilience:Tools:MinimumThroughput is 1. Set it to between 2 and 100000.",
                "Resilience:Tools:ConsecutiveFailures is -1. Set it to between 0 and 1000.",
                "Resilience:PerTool:weather:MinimumThroughput is 1. Set it to between 2 and 100000.",
                "Resilience:PerTool:weather:ConsecutiveFailures is -1. Set it to between 0 and 1000.",
                "Resilience:PerTool:weather:ProbeLease is 00:00:00. Set it to between 00:00:00.1000000 and 01:00:00.",
                "Resilience:Retry:MaxRetries is 11. Set it to between 0 and 10.",
                "Resilience:Retry:MaxDelay is 00:00:00. Set it to between 00:00:00.2000000 and 00:01:00.",
                "Resilience:Retry:BudgetRatio is NaN. Set it to between 0 and 10.",
            ],
            Validation.Validate(null, options).Failures!);
    }

    [Fact]
    public void Over_APartIsSet_TheRestIsAsForAllTools()
    {
        var all = new CircuitOptions { ConsecutiveFailures = 9, FailureRatio = 0.7 };
        var own = new ToolCircuitOptions { FailureRatio = 0.2, Enabled = false }.Over(all);
        Assert.Equal((9, 0.2, false), (own.ConsecutiveFailures, own.FailureRatio, own.Enabled));
    }
}
