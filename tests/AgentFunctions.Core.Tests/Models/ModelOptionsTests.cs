using AgentFunctions.Core.Models;
using AgentFunctions.Core.Policies.RateLimiting;
using AgentFunctions.Core.Models.Deployments;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tests.Models;

public sealed class ModelOptionsTests
{
    public static TheoryData<ModelOptions, string> Wrong => new()
    {
        { new ModelOptions { Endpoint = new Uri("ftp://host/v1") }, "Endpoint is 'ftp://host/v1'" },
        { new ModelOptions { Endpoint = new Uri("/v1", UriKind.Relative) }, "Endpoint is '/v1'" },
        { new ModelOptions { Key = "" }, "Key" },
        { new ModelOptions { Key = "two words" }, "Key" },
        { new ModelOptions { Timeout = TimeSpan.Zero }, "Timeout is 00:00:00" },
        { new ModelOptions { Timeout = TimeSpan.FromHours(2) }, "Timeout is 02:00:00" },
        { new ModelOptions { Fast = new ModelChoice(" ", ModelPrice.Free) }, "Fast.Name is ' '" },
        { new ModelOptions { Balanced = new ModelChoice("a\nb", ModelPrice.Free) }, "Balanced.Name" },
        { new ModelOptions { Capable = new ModelChoice("m", new ModelPrice(-1, 0)) }, "Capable.Price is -1/0" },
        { new ModelOptions { Capable = new ModelChoice("m", new ModelPrice(1, 1, -1)) }, "Capable.Price has -1" },
        { new ModelOptions { MoreEndpoints = [new ModelEndpoint(new Uri("https://b/v1"))] }, "MoreEndpoints has 1 deployments, but Endpoint is not set" },
        { new ModelOptions { Endpoint = new Uri("https://a/v1"), MoreEndpoints = [new ModelEndpoint(new Uri("ftp://b/v1"))] }, "MoreEndpoints[0].Address is 'ftp://b/v1'" },
        { new ModelOptions { Endpoint = new Uri("https://a/v1"), MoreEndpoints = [new ModelEndpoint(new Uri("https://b/v1"), "")] }, "MoreEndpoints[0].Key" },
        { new ModelOptions { Endpoint = new Uri("https://a/v1"), MoreEndpoints = [.. Enumerable.Repeat(new ModelEndpoint(new Uri("https://b/v1")), 33)] }, "MoreEndpoints has 33" },
        { new ModelOptions { Others = [new ModelChoice("Fast", ModelPrice.Free)] }, "Others[0].Name is 'Fast'" },
        { new ModelOptions { Others = [new ModelChoice("Auto", ModelPrice.Free)] }, "Others[0].Name is 'Auto'" },
        { new ModelOptions { Fast = new ModelChoice("m", ModelPrice.Free) { ContextWindow = 999 } }, "Fast.ContextWindow is 999" },
        { new ModelOptions { Others = [.. Enumerable.Range(0, 101).Select(i => new ModelChoice($"m{i}", ModelPrice.Free))] }, "Others has 101" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongSetting_NamesItAndItsValue(ModelOptions options, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => ModelOptionsValidator.ThrowIfInvalid(options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Defaults_AreValid() => ModelOptionsValidator.ThrowIfInvalid(new ModelOptions());

    [Fact]
    public void ToString_Key_IsNotShown() => Assert.DoesNotContain("secret", new ModelOptions { Key = "secret" }.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Read_NoVariables_IsTheDefault() => Assert.Equal(new ModelOptions(), ModelEnvironment.Read(_ => null));

    [Fact]
    public void Read_AllVariables_AreUsed()
    {
        var options = Read(("AGENTFUNCTIONS_OPENAI_ENDPOINT", "https://host/v1"), ("AGENTFUNCTIONS_OPENAI_KEY", " k "), ("AGENTFUNCTIONS_MODEL_FAST", "small"), ("AGENTFUNCTIONS_MODEL_CAPABLE", "big"), ("AGENTFUNCTIONS_PRICE_CAPABLE", "1.5/6"));
        Assert.Equal(new Uri("https://host/v1"), options.Endpoint);
        Assert.Equal("k", options.Key);
        Assert.Equal(new ModelChoice("small", ModelPrice.Free), options.Fast);
        Assert.Equal("gpt-4.1-mini", options.Balanced.Name);
        Assert.Equal(new ModelChoice("big", new ModelPrice(1.5m, 6m)), options.Capable);
    }

    [Fact]
    public void Read_OthersAndWindows_AreUsed()
    {
        var options = Read(("AGENTFUNCTIONS_MODELS_OTHER", "gpt-4o-mini=0.15/0.60 ; local;"), ("AGENTFUNCTIONS_CONTEXT_FAST", "128000"), ("AGENTFUNCTIONS_MODEL_CAPABLE", "big"));
        Assert.Equal([new ModelChoice("gpt-4o-mini", new ModelPrice(0.15m, 0.60m)), new ModelChoice("local", ModelPrice.Free)], options.Others);
        Assert.Equal((128_000, 1_047_576, null), (options.Fast.ContextWindow, options.Balanced.ContextWindow, options.Capable.ContextWindow));
    }

    [Theory]
    [InlineData("AGENTFUNCTIONS_CONTEXT_FAST", "128k", "AGENTFUNCTIONS_CONTEXT_FAST is '128k'.")]
    [InlineData("AGENTFUNCTIONS_MODELS_OTHER", "a=free", "AGENTFUNCTIONS_MODELS_OTHER is 'free'.")]
    public void Read_WrongOthersOrWindows_AreRefused(string name, string value, string message) =>
        Assert.StartsWith(message, Assert.Throws<OptionsValidationException>(() => Read((name, value))).Failures.First(), StringComparison.Ordinal);

    [Fact]
    public void Read_SeveralEndpoints_ShareAKeyOrHaveTheirOwn()
    {
        var shared = Read(("AGENTFUNCTIONS_OPENAI_ENDPOINT", "https://a/v1; https://b/v1"), ("AGENTFUNCTIONS_OPENAI_KEY", "k"));
        var own = Read(("AGENTFUNCTIONS_OPENAI_ENDPOINT", "https://a/v1;https://b/v1"), ("AGENTFUNCTIONS_OPENAI_KEY", "k;l"));
        Assert.Equal([new ModelEndpoint(new Uri("https://a/v1"), "k"), new ModelEndpoint(new Uri("https://b/v1"), "k")], shared.Endpoints);
        Assert.Equal([new ModelEndpoint(new Uri("https://a/v1"), "k"), new ModelEndpoint(new Uri("https://b/v1"), "l")], own.Endpoints);
    }

    [Fact]
    public void Read_OtherNumberOfKeys_IsRefused()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read(("AGENTFUNCTIONS_OPENAI_ENDPOINT", "https://a/v1;https://b/v1;https://c/v1"), ("AGENTFUNCTIONS_OPENAI_KEY", "k;l")));
        Assert.Contains("2 keys for the 3 addresses", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ThirdPrice_IsForTokensReadBefore()
    {
        var price = Read(("AGENTFUNCTIONS_PRICE_FAST", "1/4/0.25")).Fast.Price;
        Assert.Equal(new ModelPrice(1, 4, 0.25m), price);
        Assert.Equal((600m + (400 * 0.25m) + 400m) / 1_000_000, price.Of(1000, 100, 400));
    }

    [Fact]
    public void Read_Limits_AreOfTheTierAndNoneWhereBothAreZero()
    {
        var options = Read(("AGENTFUNCTIONS_LIMITS_FAST", "600/100000"), ("AGENTFUNCTIONS_LIMITS_BALANCED", "0/0"), ("AGENTFUNCTIONS_LIMITS_EMBEDDING", "0/2000000"));
        Assert.Equal(new RateLimits { RequestsPerMinute = 600, TokensPerMinute = 100_000 }, options.Fast.Limits);
        Assert.Null(options.Balanced.Limits);
        Assert.Null(options.Capable.Limits);
        Assert.Equal(2_000_000, options.Embedding.Limits!.TokensPerMinute);
    }

    [Fact]
    public void Validate_OneModelWithTwoLimits_IsRefused()
    {
        var model = new ModelChoice("m", ModelPrice.Free) { Limits = new RateLimits { RequestsPerMinute = 60 } };
        var options = new ModelOptions { Fast = model, Balanced = model, Capable = model with { Limits = new RateLimits { RequestsPerMinute = 30 } } };
        Assert.Contains("'m' has different limits, of 60/0 and 30/0", Assert.Throws<OptionsValidationException>(() => ModelOptionsValidator.ThrowIfInvalid(options)).Message, StringComparison.Ordinal);
        ModelOptionsValidator.ThrowIfInvalid(options with { Capable = model });
    }

    [Theory]
    [InlineData(-5, 1000)]
    [InlineData(2000, 250)]
    public void Of_MoreOrLessThanCanBe_CountsAsAllOrNone(long cached, int millionths) => Assert.Equal(millionths / 1_000_000m, new ModelPrice(1, 0, 0.25m).Of(1000, 0, cached));

    [Theory]
    [InlineData("AGENTFUNCTIONS_PRICE_FAST", "1/2/3/4", "AGENTFUNCTIONS_PRICE_FAST is '1/2/3/4'")]
    [InlineData("AGENTFUNCTIONS_LIMITS_FAST", "600", "AGENTFUNCTIONS_LIMITS_FAST is '600'")]
    [InlineData("AGENTFUNCTIONS_LIMITS_CAPABLE", "60/many", "AGENTFUNCTIONS_LIMITS_CAPABLE is '60/many'")]
    [InlineData("AGENTFUNCTIONS_LIMITS_EMBEDDING", "-5/0", "AGENTFUNCTIONS_LIMITS_EMBEDDING is '-5/0': AGENTFUNCTIONS_LIMITS_EMBEDDING:RequestsPerMinute is -5")]
    [InlineData("AGENTFUNCTIONS_LIMITS_BALANCED", "NaN/0", "AGENTFUNCTIONS_LIMITS_BALANCED is 'NaN/0'")]
    [InlineData("AGENTFUNCTIONS_OPENAI_KEY", "k", "AGENTFUNCTIONS_OPENAI_ENDPOINT is not")]
    [InlineData("AGENTFUNCTIONS_OPENAI_ENDPOINT", "not an address", "AGENTFUNCTIONS_OPENAI_ENDPOINT is 'not an address'")]
    [InlineData("AGENTFUNCTIONS_PRICE_FAST", "cheap", "AGENTFUNCTIONS_PRICE_FAST is 'cheap'")]
    [InlineData("AGENTFUNCTIONS_MODEL_FAST", "balanced", "Fast.Name is 'balanced'")]
    public void Read_WrongVariable_NamesIt(string name, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read((name, value)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static ModelOptions Read(params (string Name, string Value)[] variables) =>
        ModelEnvironment.Read(name => variables.FirstOrDefault(variable => string.Equals(variable.Name, name, StringComparison.Ordinal)).Value);
}
