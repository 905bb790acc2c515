using System.Runtime.CompilerServices;
using AgentFunctions.Api;
using AgentFunctions.Api.Problems;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>docs/http-api.md has a heading for every problem, where its type points to, and names every route.</summary>
public sealed class HttpApiPageTests
{
    private readonly string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/http-api.md"));

    [Fact]
    public void Page_EveryKindOfProblem_HasItsHeading() => Assert.All(ProblemKind.All, kind => Assert.Contains($"\n### {kind.Anchor}\n{kind.Status}", page, StringComparison.Ordinal));

    [Fact]
    public void Page_EveryRoute_IsNamed() => Assert.All(ApiRoutes.All, route => Assert.Contains(route.Template.Split('/')[^1] is "resume" or "terminate" ? $"`/{route.Template.Split('/')[^1]}`" : $"`{route.Method} {route.Template}`", page, StringComparison.Ordinal));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
