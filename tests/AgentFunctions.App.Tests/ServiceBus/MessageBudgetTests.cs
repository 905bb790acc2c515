using AgentFunctions.Api.Problems;
using AgentFunctions.App.ServiceBus;
using AgentFunctions.Core.Policies.Budgets;

namespace AgentFunctions.App.Tests.ServiceBus;

public sealed class MessageBudgetTests
{
    [Theory]
    [InlineData("0.5")]
    [InlineData(0.5)]
    [InlineData(0.5f)]
    public void Read_Dollars_AsTextOrNumber(object usd) => Assert.Equal(new BudgetLimit { Usd = 0.5m }, Read("budget", usd));

    [Theory]
    [InlineData("20000")]
    [InlineData(20_000)]
    [InlineData(20_000L)]
    public void Read_Tokens_AsTextOrNumber(object tokens) => Assert.Equal(new BudgetLimit { Tokens = 20_000 }, Read("budgetTokens", tokens));

    [Fact]
    public void Read_None_IsNone() => Assert.Null(Read("tenant", "acme"));

    [Theory]
    [InlineData("budget", "much")]
    [InlineData("budget", -1)]
    [InlineData("budget", double.NaN)]
    [InlineData("budget", "")]
    [InlineData("budgetTokens", 1.5)]
    [InlineData("budgetTokens", true)]
    public void Read_WhatIsNoBudget_IsRefusedByName(string property, object value) =>
        Assert.Contains($"property '{property}' is", Assert.Throws<ProblemException>(() => Read(property, value)).Message, StringComparison.Ordinal);

    private static BudgetLimit? Read(string property, object value) => MessageBudget.Read(new AgentTaskMessage { ApplicationProperties = new Dictionary<string, object>(StringComparer.Ordinal) { [property] = value } });
}
