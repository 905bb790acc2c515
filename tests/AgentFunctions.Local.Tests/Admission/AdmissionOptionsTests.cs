using AgentFunctions.Api.Admission;
using AgentFunctions.Local.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local.Tests.Admission;

public sealed class AdmissionOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreInRange() => Assert.True(new AdmissionOptionsValidation().Validate(null, new AdmissionOptions()).Succeeded);

    [Theory]
    [InlineData("Interactive:Queue", "10001")]
    [InlineData("Background:Queue", "0")]
    [InlineData("Background:Queue", "NaN")]
    [InlineData("Background:Wait", "00:00:00")]
    [InlineData("Interactive:Wait", "1.00:00:01")]
    [InlineData("Background:ModelWait", "-00:00:01")]
    [InlineData("ResumeAt", "0.05")]
    [InlineData("ResumeAt", "1.01")]
    [InlineData("MaxStarting", "3")]
    [InlineData("MaxStarting", "100001")]
    [InlineData("RetrySpread", "-00:00:01")]
    [InlineData("RetrySpread", "00:01:01")]
    [InlineData("MaxRetryAfter", "01:00:01")]
    [InlineData("HoldMessages", "00:04:31")]
    [InlineData("StartHeldFrom", "0")]
    [InlineData("StartHeldFrom", "11")]
    public void Validate_OutOfRange_NamesTheSettingAndItsValue(string setting, string value)
    {
        var failures = Bind(setting, value);
        Assert.Contains(failures, failure => failure.StartsWith($"Admission:{setting} is {value}. Set it ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Workflow:Queue", "33", "Interactive:Queue, 32")]
    [InlineData("Background:Queue", "17", "Workflow:Queue, 16")]
    [InlineData("Background:Wait", "00:02:00", "Workflow:Wait, 00:01:00")]
    [InlineData("Workflow:ModelWait", "00:00:06", "Interactive:ModelWait, 00:00:05")]
    public void Validate_LaneThatIsKeptLessLongHasMoreRoom_IsRefused(string setting, string value, string bound) =>
        Assert.Equal($"Admission:{setting} is {value}. Set it to at most {bound}.", Assert.Single(Bind(setting, value)));

    [Fact]
    public async Task Start_HostWithASettingOutOfRange_IsRefused()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => ApiHost.StartAsync(admission: options => options.MaxStarting = 1));
        Assert.Contains("Admission:MaxStarting is 1", exception.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Bind(string setting, string value)
    {
        var options = new AdmissionOptions();
        new ConfigurationBuilder().AddInMemoryCollection([new($"Admission:{setting}", value)]).Build().GetSection(AdmissionOptions.Section).Bind(options);
        return [.. new AdmissionOptionsValidation().Validate(null, options) is { Failed: true, Failures: { } failures } ? failures : []];
    }
}
