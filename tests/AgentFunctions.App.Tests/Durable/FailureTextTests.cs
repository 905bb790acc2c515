using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.Core.Durable;
using Microsoft.DurableTask;

namespace AgentFunctions.App.Tests.Durable;

public sealed class FailureTextTests
{
    private static readonly JsonSerializerOptions Json = AppServices.CreateCatalog().Json;

    [Theory]
    [InlineData("")]
    [InlineData("\n   at somewhere the host added")]
    public void Read_OfWhatToThrowWrote_IsTheSame(string appended)
    {
        var thrown = FailureText.ToThrow(new ThrottledException("slow \"down\"\n", TimeSpan.FromSeconds(2)), "Step", Json);

        var read = FailureText.Read(new TaskFailureDetails(thrown.GetType().FullName!, thrown.Message + appended, null, null, null), "other", Json);

        Assert.Equal(new FailureDetails { Type = "ThrottledException", Message = "slow \"down\"\n", RetryAfter = TimeSpan.FromSeconds(2), Step = "Step" }, read);
    }

    [Fact]
    public void Read_WrappedByTheHost_FindsTheDetailsWithin()
    {
        var thrown = FailureText.ToThrow(new PermanentFailureException("refused"), null, Json);
        var within = new TaskFailureDetails("X", thrown.Message, null, null, null);

        var read = FailureText.Read(new TaskFailureDetails("Host.WrapperException", "An activity failed.", null, within, null), "Step", Json);

        Assert.Equal(("PermanentFailureException", "refused", true, "Step"), (read.Type, read.Message, read.Permanent, read.Step));
    }

    [Theory]
    [InlineData("System.ArgumentException", true)]
    [InlineData("System.TimeoutException", false)]
    public void Read_OfAForeignFailure_HasItsTypeAndMessage(string type, bool permanent)
    {
        var read = FailureText.Read(new TaskFailureDetails(type, "from elsewhere", null, null, null), "Step", Json);

        Assert.Equal((type["System.".Length..], "from elsewhere", permanent, "Step"), (read.Type, read.Message, read.Permanent, read.Step));
    }

    [Fact]
    public void Read_OfTheMarkerWithoutJson_ShowsTheMessage()
    {
        var read = FailureText.Read(new TaskFailureDetails("X", "cut short\nagentfunctions-failure:{\"type\":", null, null, null), null, Json);

        Assert.StartsWith("cut short", read.Message, StringComparison.Ordinal);
    }
}
