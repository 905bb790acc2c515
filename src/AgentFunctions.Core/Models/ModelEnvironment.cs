using System.Globalization;
using AgentFunctions.Core.Models.Deployments;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models;

/// <summary>Reads <see cref="ModelOptions"/> from environment variables.</summary>
public static class ModelEnvironment
{
    /// <summary>The base address of an OpenAI-compatible API; or several with semicolons between them, which serve the same models and share the calls.</summary>
    public const string Endpoint = "AGENTFUNCTIONS_OPENAI_ENDPOINT";

    /// <summary>The API key; with several endpoints one for all, or as many, in their order, with semicolons between them.</summary>
    public const string Key = "AGENTFUNCTIONS_OPENAI_KEY";

    /// <summary>The start of the variables that name a tier's model: AGENTFUNCTIONS_MODEL_FAST, _BALANCED, _CAPABLE; and the embedding model: _EMBEDDING.</summary>
    public const string ModelPrefix = "AGENTFUNCTIONS_MODEL_";

    /// <summary>The start of the variables that price a tier's model in US dollars per million tokens, as input/output: AGENTFUNCTIONS_PRICE_FAST=0.10/0.40, or input/output/cached input: 0.10/0.40/0.025.</summary>
    public const string PricePrefix = "AGENTFUNCTIONS_PRICE_";

    /// <summary>The start of the variables that say what each deployment of a tier's model allows, as calls/tokens a minute, 0 for no limit: AGENTFUNCTIONS_LIMITS_FAST=600/100000; and of the embedding model: _EMBEDDING.</summary>
    public const string LimitsPrefix = "AGENTFUNCTIONS_LIMITS_";

    /// <summary>The start of the variables that say how many tokens of prompt and answer a tier's model takes: AGENTFUNCTIONS_CONTEXT_FAST=128000.</summary>
    public const string ContextPrefix = "AGENTFUNCTIONS_CONTEXT_";

    /// <summary>More models that calls and routes may name, with their prices, with semicolons between them: AGENTFUNCTIONS_MODELS_OTHER=gpt-4o-mini=0.15/0.60;local.</summary>
    public const string Others = "AGENTFUNCTIONS_MODELS_OTHER";

    private static readonly string[] Tiers = ["FAST", "BALANCED", "CAPABLE", "EMBEDDING"];

    /// <summary>Every variable that is read.</summary>
    public static IReadOnlyList<string> Names { get; } = [Endpoint, Key, Others, .. from prefix in (string[])[ModelPrefix, PricePrefix, LimitsPrefix, ContextPrefix] from tier in Tiers select prefix + tier];

    /// <summary>Reads the options.</summary>
    /// <param name="read">A variable's value by its name, or null: <c>Environment.GetEnvironmentVariable</c>.</param>
    /// <returns>The options, valid.</returns>
    /// <exception cref="OptionsValidationException">A value does not fit, or a key is set without an endpoint.</exception>
    public static ModelOptions Read(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var endpoints = Endpoints(Value(Endpoint), Value(Key));
        var defaults = new ModelOptions();
        var options = defaults with
        {
            Endpoint = endpoints is [var first, ..] ? first.Address : null,
            Key = endpoints is [{ Key: var key }, ..] ? key : null,
            MoreEndpoints = endpoints.Length > 1 ? [.. endpoints.Skip(1)] : defaults.MoreEndpoints,
            Fast = Tier(Tiers[0], defaults.Fast),
            Balanced = Tier(Tiers[1], defaults.Balanced),
            Capable = Tier(Tiers[2], defaults.Capable),
            Embedding = Tier(Tiers[3], defaults.Embedding),
            Others = Value(Others) is { } others ? [.. others.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadOther)] : defaults.Others,
        };
        ModelOptionsValidator.ThrowIfInvalid(options);
        return options;

        string? Value(string name) => read(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        ModelChoice Tier(string tier, ModelChoice known)
        {
            var name = Value(ModelPrefix + tier) ?? known.Name;
            var price = Value(PricePrefix + tier) is { } text ? ReadPrice(PricePrefix + tier, text)
                : string.Equals(name, known.Name, StringComparison.Ordinal) ? known.Price
                : ModelPrice.Free;
            return new ModelChoice(name, price)
            {
                Limits = Value(LimitsPrefix + tier) is { } limits ? ReadLimits(LimitsPrefix + tier, limits) : null,
                ContextWindow = Value(ContextPrefix + tier) is { } window ? ReadWindow(ContextPrefix + tier, window) : string.Equals(name, known.Name, StringComparison.Ordinal) ? known.ContextWindow : null,
            };
        }
    }

    private static ModelEndpoint[] Endpoints(string? addresses, string? key)
    {
        if (addresses is null) return key is null ? [] : throw Invalid($"{Key} is set, but {Endpoint} is not, so the key would not be used. Set the endpoint, such as https://api.openai.com/v1, or unset the key.");
        var parts = Parts(addresses);
        var keys = key is null ? [] : Parts(key);
        if (keys.Length > 1 && keys.Length != parts.Length) throw Invalid($"{Key} has {keys.Length} keys for the {parts.Length} addresses of {Endpoint}. Set one for all, or one for each.");
        return [.. parts.Select((part, i) => new ModelEndpoint(
            Uri.TryCreate(part, UriKind.Absolute, out var address) ? address : throw Invalid($"{Endpoint} is '{part}'. Set it to an address such as https://api.openai.com/v1, or unset it."),
            keys.Length == 0 ? null : keys[keys.Length == 1 ? 0 : i]))];

        static string[] Parts(string text) => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static ModelPrice ReadPrice(string name, string text)
    {
        decimal[] parts = [.. text.Split('/').Select(part => decimal.TryParse(part, NumberStyles.Number, CultureInfo.InvariantCulture, out var price) ? price : throw Wrong())];
        return parts switch
        {
            [var input, var output] => new ModelPrice(input, output),
            [var input, var output, var cached] => new ModelPrice(input, output, cached),
            _ => throw Wrong(),
        };

        OptionsValidationException Wrong() => Invalid($"{name} is '{text}'. Set it to US dollars per million input and output tokens, such as 0.10/0.40, or with a third for input that the provider had read before: 0.10/0.40/0.025.");
    }

    private static ModelChoice ReadOther(string text)
    {
        // From the last "=" on: a name may have one, a price has none.
        var at = text.LastIndexOf('=');
        return at < 0 ? new ModelChoice(text, ModelPrice.Free) : new ModelChoice(text[..at].Trim(), ReadPrice(Others, text[(at + 1)..].Trim()));
    }

    private static int ReadWindow(string name, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) ? tokens : throw Invalid($"{name} is '{text}'. Set it to the tokens that the model takes, prompt and answer together, such as 128000.");

    private static RateLimits? ReadLimits(string name, string text)
    {
        if (text.Split('/') is not [var calls, var tokens] || !TryRead(calls, out var callsPerMinute) || !TryRead(tokens, out var tokensPerMinute))
        {
            throw Invalid($"{name} is '{text}'. Set it to calls and tokens a minute, 0 for no limit, such as 600/100000.");
        }

        var limits = new RateLimits { RequestsPerMinute = callsPerMinute, TokensPerMinute = tokensPerMinute };
        return limits.Errors(name).FirstOrDefault() is { } error ? throw Invalid($"{name} is '{text}': {error}") : limits.Any ? limits : null;

        static bool TryRead(string part, out double value) => double.TryParse(part, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
    }

    private static OptionsValidationException Invalid(string message) => new(nameof(ModelOptions), typeof(ModelOptions), [message]);
}
