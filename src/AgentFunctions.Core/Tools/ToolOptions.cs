using AgentFunctions.Core.Tools.Http;
using AgentFunctions.Core.Tools.Search;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Tools;

/// <summary>What the built-in tools may do. Bound from the section <see cref="Section"/>.</summary>
public sealed class ToolOptions
{
    /// <summary>The configuration section: <c>Tools</c>.</summary>
    public const string Section = "Tools";

    /// <summary>The settings of <c>http-get</c>.</summary>
    public HttpGetOptions HttpGet { get; set; } = new();

    /// <summary>The settings of <c>search-files</c>.</summary>
    public SearchFilesOptions SearchFiles { get; set; } = new();
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
        List<string> errors = [.. options.HttpGet.Errors(), .. options.SearchFiles.Errors()];
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
