namespace AgentFunctions.Core.Policies.Templating;

/// <summary>A path that a template asks for.</summary>
/// <param name="Path">The path.</param>
/// <param name="HasDefault">Whether the template says what to take where there is no value.</param>
internal readonly record struct TemplateUse(string Path, bool HasDefault)
{
    /// <summary>The path's first part: whose value it is.</summary>
    public string Root => ValuePath.Root(Path);
}
