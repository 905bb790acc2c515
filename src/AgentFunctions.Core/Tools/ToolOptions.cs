using AgentFunctions.Core.Tools.Http;
using AgentFunctions.Core.Tools.Search;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tools;

/// <summary>What tools may do, and how they are called. Bound from the section <see cref="Section"/>.</summary>
public sealed class ToolOptions
{
    /// <summary>The configuration section: <c>Tools</c>.</summary>
    public const string Section = "Tools";

    /// <summary>The settings of <c>http-get</c>.</summary>
    public HttpGetOptions HttpGet { get; set; } = new();

    /// <summary>The settings of <c>search-files</c>.</summary>
    public SearchFilesOptions SearchFiles { get; set; } = new();

    /// <summary>How long one call of a tool may take that says nothing else, 1 ms to 1 day. Default: 15 minutes.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How tools may be called, by name, whatever they say themselves. Default: as they say.</summary>
    public IDictionary<string, ToolTraitOptions> Traits { get; } = new Dictionary<string, ToolTraitOptions>(StringComparer.Ordinal);
}

/// <summary>Refuses settings that are out of range, each with its name, its value and the range.</summary>
public sealed class ToolOptionsValidation : IValidateOptions<ToolOptions>
{
    /// <summary>Checks the settings.</summary>
    /// <param name="name">The options' name; not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, ToolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> errors = [.. options.HttpGet.Errors(), .. options.SearchFiles.Errors(), .. options.Traits.SelectMany(trait => trait.Value.Errors(trait.Key))];
        if (!ToolTraits.Fits(options.Timeout)) errors.Add($"{ToolOptions.Section}:Timeout is {options.Timeout}. Set it to between 00:00:00.001 and 1.00:00:00.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
