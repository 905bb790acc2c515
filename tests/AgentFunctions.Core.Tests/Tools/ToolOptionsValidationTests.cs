using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Tests.Tools;

public sealed class ToolOptionsValidationTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => Assert.True(new ToolOptionsValidation().Validate(null, new ToolOptions()).Succeeded);

    [Theory]
    [InlineData("example.org")]
    [InlineData("*.example.org")]
    [InlineData("example.org:8080")]
    [InlineData("10.0.0.5")]
    [InlineData("10.0.0.0/8")]
    [InlineData("10.0.0.0/8:80")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:7071")]
    [InlineData("fd00::/8")]
    [InlineData("localhost")]
    public void Validate_AllowedHost_IsValid(string host) => Assert.True(Validate(options => options.HttpGet.AllowedHosts = [host]).Succeeded);

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://example.org")]
    [InlineData("example.org/path")]
    [InlineData("example.org:0")]
    [InlineData("example.org:99999")]
    [InlineData("example.org:")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("10.0.0.0/33")]
    [InlineData("[::1]x")]
    [InlineData("a b")]
    public void Validate_NoHost_NamesSettingAndValue(string host)
    {
        var result = Validate(options => options.HttpGet.AllowedHosts = [host]);
        Assert.Contains($"Tools:HttpGet:AllowedHosts holds '{host}'", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EverythingOutOfRange_NamesEachWithValueAndRange()
    {
        var result = Validate(options =>
        {
            options.HttpGet.MaxBytes = 1023;
            options.HttpGet.Timeout = TimeSpan.FromMinutes(6);
            options.HttpGet.MaxRedirects = 11;
            options.SearchFiles.Folder = "/no/such/folder";
            options.SearchFiles.MaxFiles = 0;
            options.SearchFiles.MaxFileBytes = -1;
        });
        Assert.Equal(
            [
                "Tools:HttpGet:MaxBytes is 1023. It must be from 1024 to 67108864.",
                "Tools:HttpGet:Timeout is 00:06:00. It must be from 00:00:00.010 to 00:05:00.",
                "Tools:HttpGet:MaxRedirects is 11. It must be from 0 to 10.",
                "Tools:SearchFiles:Folder is '/no/such/folder', which is no folder. Name one that exists, or leave it out.",
                "Tools:SearchFiles:MaxFiles is 0. It must be from 1 to 100000.",
                "Tools:SearchFiles:MaxFileBytes is -1. It must be from 1024 to 268435456.",
            ],
            result.Failures);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(Action<ToolOptions> set)
    {
        var options = new ToolOptions();
        set(options);
        return new ToolOptionsValidation().Validate(null, options);
    }
}
