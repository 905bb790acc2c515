using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Search;

/// <summary>The sources that runs may search by name. Bound from the section <see cref="Section"/>.</summary>
public sealed class SearchOptions
{
    /// <summary>The configuration section: <c>Search</c>.</summary>
    public const string Section = "Search";

    /// <summary>The sources by name, which is compared without regard to case. Default: none.</summary>
    public IDictionary<string, SearchSourceOptions> Sources { get; } = new Dictionary<string, SearchSourceOptions>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Refuses settings that are out of range, each with its name, its value and the range.</summary>
public sealed class SearchOptionsValidation : IValidateOptions<SearchOptions>
{
    /// <summary>Checks the settings.</summary>
    /// <param name="name">The options' name; not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> errors = [.. options.Sources.OrderBy(source => source.Key, StringComparer.Ordinal).SelectMany(source => source.Value.Errors(source.Key))];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
