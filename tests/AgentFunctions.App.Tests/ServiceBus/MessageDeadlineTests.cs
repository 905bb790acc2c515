using AgentFunctions.Api.Problems;
using AgentFunctions.App.ServiceBus;

namespace AgentFunctions.App.Tests.ServiceBus;

public sealed class MessageDeadlineTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("2m", 120_000)]
    [InlineData("00:00:30", 30_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    public void Read_ADuration_AsOverHttp(string text, int milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read(text));

    [Fact]
    public void Read_ATimeSpanOfAmqp_IsTaken() => Assert.Equal(TimeSpan.FromSeconds(30), Read(TimeSpan.FromSeconds(30)));

    [Fact]
    public void Read_None_IsNone() => Assert.Null(MessageDeadline.Read(new AgentTaskMessage()));

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("30")]
    [InlineData(30)]
    [InlineData(true)]
    [InlineData("1.00:00:00.001")]
    public void Read_WhatIsNoDeadline_IsRefusedByName(object value)
    {
        var problem = Assert.Throws<ProblemException>(() => Read(value));
        Assert.Equal(ProblemKind.InvalidRequest, problem.Kind);
        Assert.StartsWith($"The message's property 'deadline' is '{value}'. Write how long from now the result is of use", problem.Message, StringComparison.Ordinal);
    }

    private static TimeSpan? Read(object value) => MessageDeadline.Read(new AgentTaskMessage { ApplicationProperties = new Dictionary<string, object>(StringComparer.Ordinal) { ["deadline"] = value } });
}
