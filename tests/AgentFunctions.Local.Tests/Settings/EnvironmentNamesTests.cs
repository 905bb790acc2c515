namespace AgentFunctions.Local.Tests.Settings;

public sealed class EnvironmentNamesTests
{
    [Fact]
    public void Unknown_NamesOfThisHostThatMeanNothing_AreFound() => Assert.Equal(
        ["AGENTFUNCTIONS_Budget__Wait", "AGENTFUNCTIONS_LIMITS_FSAT", "AGENTFUNCTIONS_LIMIT_FAST"],
        EnvironmentNames.Unknown(["PATH", "AGENTFUNCTIONS_LIMIT_FAST", "AGENTFUNCTIONS_LIMITS_FAST", "AGENTFUNCTIONS_LIMITS_FSAT", "AGENTFUNCTIONS_MODELS_OTHER", "AGENTFUNCTIONS_OPENAI_KEY", "AGENTFUNCTIONS_Budgets__Wait", "AGENTFUNCTIONS_BUDGETS__Wait", "AGENTFUNCTIONS_Budget__Wait", "AGENTFUNCTIONS_Logging__LogLevel__Default"], ["Budgets", "Limits"]));
}
