using System.Globalization;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models;

/// <summary>Reads <see cref="ModelOptions"/> from environment variables.</summary>
public static class ModelEnvironment
{
    /// <summary>The base address of an OpenAI-compatible API.</summary>
    public const string Endpoint = "AGENTFUNCTIONS_OPENAI_ENDPOINT";

    /// <summary>The API key.</summary>
    public const string Key = "AGENTFUNCTIONS_OPENAI_KEY";

    /// <summary>The start of the variables that name a tier's model: AGENTFUNCTIONS_MODEL_FAST, _BALANCED, _CAPABLE; and the embedding model: _EMBEDDING.</summary>
    public const string ModelPrefix = "AGENTFUNCTIONS_MODEL_";

    /// <summary>The start of the variables that price a tier's model in US dollars per million tokens, as input/output: AGENTFUNCTIONS_PRICE_FAST=0.10/0.40.</summary>
    public const string PricePrefix = "AGENTFUNCTIONS_PRICE_";

    /// <summary>Reads the options.</summary>
    /// <param name="read">A variable's value by its name, or null: <c>Environment.GetEnvironmentVariable</c>.</param>
    /// <returns>The options, valid.</returns>
    /// <exception cref="OptionsValidationException">A value does not fit, or a key is set without an endpoint.</exception>
    public static ModelOptions Read(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var endpoint = Value(Endpoint);
        if (endpoint is not null && !Uri.TryCreate(endpoint, UriKind.Absolute, out _)) throw Invalid($"{Endpoint} is '{endpoint}'. Set it to an address such as https://api.openai.com/v1, or unset it.");
        if (endpoint is null && Value(Key) is not null) throw Invalid($"{Key} is set, but {Endpoint} is not, so the key would not be used. Set the endpoint, such as https://api.openai.com/v1, or unset the key.");
        var defaults = new ModelOptions();
        var options = defaults with
        {
            Endpoint = endpoint is null ? null : new Uri(endpoint),
            Key = Value(Key),
            Fast = Tier("FAST", defaults.Fast),
            Balanced = Tier("BALANCED", defaults.Balanced),
            Capable = Tier("CAPABLE", defaults.Capable),
            Embedding = Tier("EMBEDDING", defaults.Embedding),
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
            return new ModelChoice(name, price);
        }
    }

    private static ModelPrice ReadPrice(string name, string text) =>
        text.Split('/') is [var input, var output] && decimal.TryParse(input, NumberStyles.Number, CultureInfo.InvariantCulture, out var inputPrice) && decimal.TryParse(output, NumberStyles.Number, CultureInfo.InvariantCulture, out var outputPrice)
            ? new ModelPrice(inputPrice, outputPrice)
            : throw Invalid($"{name} is '{text}'. Set it to US dollars per million input and output tokens, such as 0.10/0.40.");

    private static OptionsValidationException Invalid(string message) => new(nameof(ModelOptions), typeof(ModelOptions), [message]);
}
