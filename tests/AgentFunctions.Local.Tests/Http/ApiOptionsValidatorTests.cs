using AgentFunctions.Api;

namespace AgentFunctions.Local.Tests.Http;

public sealed class ApiOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreInRange() => Assert.True(new ApiOptionsValidator().Validate(null, new ApiOptions()).Succeeded);

    [Theory]
    [InlineData("MaxBodyBytes", "1023")]
    [InlineData("MaxBodyBytes", "268435457")]
    [InlineData("MaxWait", "-00:00:01")]
    [InlineData("MaxWait", "00:03:51")]
    [InlineData("StreamKeepAlive", "00:00:00")]
    [InlineData("StreamKeepAlive", "00:02:01")]
    [InlineData("PublicBaseAddress", "relative/address")]
    [InlineData("PublicBaseAddress", "ftp://agents.example.com/")]
    [InlineData("PublicBaseAddress", "https://agents.example.com/?a=b")]
    [InlineData("DocsAddress", " ")]
    public void Validate_OutOfRange_NamesTheSettingAndItsValue(string setting, string value)
    {
        var options = new ApiOptions();
        var property = typeof(ApiOptions).GetProperty(setting)!;
        object parsed = property.PropertyType == typeof(Uri) ? new Uri(value, UriKind.RelativeOrAbsolute)
            : property.PropertyType == typeof(long) ? long.Parse(value, null)
            : property.PropertyType == typeof(TimeSpan) ? TimeSpan.Parse(value, null)
            : value;
        property.SetValue(options, parsed);

        var failure = Assert.Single(new ApiOptionsValidator().Validate(null, options).Failures!);
        Assert.Contains(setting, failure, StringComparison.Ordinal);
        Assert.Contains($"is {(value.Length == 0 || property.PropertyType == typeof(Uri) || property.PropertyType == typeof(string) ? $"'{value}'" : value)}", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_HostWithASettingOutOfRange_IsRefused()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => ApiHost.StartAsync(options => options.MaxBodyBytes = 1));

        Assert.Contains("MaxBodyBytes is 1.", exception.Message, StringComparison.Ordinal);
    }
}
