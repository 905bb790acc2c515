using System.Globalization;
using AgentFunctions.Core.Policies.RateLimiting;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Models;

/// <summary>Refuses <see cref="ModelOptions"/> that can't work, with the setting, its value and what it may be.</summary>
public sealed class ModelOptionsValidator : IValidateOptions<ModelOptions>
{
    private const int MostOthers = 100;
    private const int MostEndpoints = 32;
    private const decimal HighestPrice = 10_000m;
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>Checks the options.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The options.</param>
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> errors = [];
        if (options.Endpoint is { } endpoint) Address("Endpoint", endpoint);
        if (options.Key is { } key) Key("Key", key);
        if (options.MoreEndpoints.Count > MostEndpoints) errors.Add($"MoreEndpoints has {options.MoreEndpoints.Count} deployments. Set at most {MostEndpoints}.");
        if (options.MoreEndpoints.Count > 0 && options.Endpoint is null) errors.Add($"MoreEndpoints has {options.MoreEndpoints.Count} deployments, but Endpoint is not set. Set the first as Endpoint.");
        for (var i = 0; i < options.MoreEndpoints.Count; i++)
        {
            Address($"MoreEndpoints[{i}].Address", options.MoreEndpoints[i].Address);
            if (options.MoreEndpoints[i].Key is { } other) Key($"MoreEndpoints[{i}].Key", other);
        }

        if (options.Timeout < ShortestTimeout || options.Timeout > LongestTimeout) errors.Add($"Timeout is {options.Timeout}. Set it to between {ShortestTimeout} and {LongestTimeout}.");
        if (options.Others.Count > MostOthers) errors.Add($"Others has {options.Others.Count} models. Set at most {MostOthers}.");
        Check(nameof(options.Fast), options.Fast);
        Check(nameof(options.Balanced), options.Balanced);
        Check(nameof(options.Capable), options.Capable);
        Check(nameof(options.Embedding), options.Embedding);
        for (var i = 0; i < options.Others.Count; i++) Check($"Others[{i}]", options.Others[i]);
        CheckOneLimit(errors, [options.Fast, options.Balanced, options.Capable, .. options.Others]);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Address(string setting, Uri address)
        {
            if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)) errors.Add($"{setting} is '{address}'. Set it to an http or https address with the API's version, such as https://api.openai.com/v1.");
        }

        void Key(string setting, string key)
        {
            if (key.Length == 0 || key.Any(character => character is < '!' or > '~')) errors.Add($"{setting} is empty or has a character that no HTTP header can carry. Set it to the key alone, or to null.");
        }

        void Check(string setting, ModelChoice model)
        {
            if (string.IsNullOrWhiteSpace(model.Name) || model.Name.Length > 200 || model.Name.Any(char.IsControl)) errors.Add($"{setting}.Name is '{model.Name}'. Set it to a model's name, 1 to 200 characters without control characters.");
            else if (ModelTiers.All.Append(ModelTiers.Auto).Contains(model.Name, StringComparer.OrdinalIgnoreCase)) errors.Add($"{setting}.Name is '{model.Name}', the name of a tier. Set it to a model's name at the provider.");
            if (model.Price.InputPerMillion is < 0 or > HighestPrice || model.Price.OutputPerMillion is < 0 or > HighestPrice) errors.Add($"{setting}.Price is {model.Price.InputPerMillion}/{model.Price.OutputPerMillion}. Set both to between 0 and {HighestPrice} US dollars per million tokens.");
            if (model.Price.CachedInputPerMillion is { } cached && (cached < 0 || cached > HighestPrice)) errors.Add($"{setting}.Price has {cached} for tokens that the provider had read before. Set it to between 0 and {HighestPrice} US dollars per million tokens, or leave it out.");
            if (model.ContextWindow is < 1000 or > 100_000_000) errors.Add($"{setting}.ContextWindow is {model.ContextWindow}. Set it to between 1,000 and 100,000,000 tokens, or leave it out.");
            if (model.Limits is { } limits) errors.AddRange(limits.Errors($"{setting}.Limits"));
        }
    }

    /// <summary>A deployment has one limiter, whichever tier calls it.</summary>
    private static void CheckOneLimit(List<string> errors, IEnumerable<ModelChoice> models)
    {
        foreach (var choices in models.GroupBy(model => model.Name, StringComparer.Ordinal))
        {
            RateLimits[] limits = [.. choices.Select(choice => choice.Limits).OfType<RateLimits>().Distinct()];
            if (limits.Length > 1) errors.Add($"The model '{choices.Key}' has different limits, of {string.Join(" and ", limits.Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.RequestsPerMinute}/{limit.TokensPerMinute}")))} calls/tokens a minute. Set the same for every tier that it serves, or for one of them.");
        }
    }

    /// <summary>Throws when the options can't work.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="OptionsValidationException">They can't, with every reason.</exception>
    public static void ThrowIfInvalid(ModelOptions options)
    {
        if (new ModelOptionsValidator().Validate(name: null, options) is { Failed: true, Failures: { } failures }) throw new OptionsValidationException(nameof(ModelOptions), typeof(ModelOptions), failures);
    }
}
