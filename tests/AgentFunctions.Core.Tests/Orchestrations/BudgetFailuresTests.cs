using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Orchestrations;

namespace AgentFunctions.Core.Tests.Orchestrations;

public sealed class BudgetFailuresTests
{
    private static readonly FailureDetails Budget = new() { Type = "BudgetExceededException", Message = "The budget of run 'r' is $1.00.", Permanent = true };
    private static readonly FailureDetails Other = new() { Type = "ModelUnavailableException", Message = "Away." };

    [Fact]
    public void TypeOf_OneHadNoBudget_IsThatOfTheBudget() => Assert.Equal("BudgetExceededException", BudgetFailures.TypeOf([null, Other, Budget], "AllFailed"));

    [Fact]
    public void TypeOf_NoneHadNoBudget_IsTheOther() => Assert.Equal("AllFailed", BudgetFailures.TypeOf([null, Other], "AllFailed"));
}
