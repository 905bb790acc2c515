using System.ClientModel.Primitives;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Deployments;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.App.Models;

/// <summary>
/// Models of Azure OpenAI through its v1 API, which the OpenAI SDK speaks: tokens of the app's identity in place of a key, and a deployment's
/// name in place of a model's. No package of Azure's own is needed; Azure.AI.OpenAI overrides internals of the OpenAI package and fails with
/// any other version of it than the one it was built with (Azure/azure-sdk-for-net issues 53986, 54080 and 60689).
/// </summary>
internal static class AzureOpenAIModels
{
    /// <summary>The setting with the resource's address: <c>https://NAME.openai.azure.com</c>; or several with commas between them, which have deployments of the same names and share the calls.</summary>
    public const string EndpointSetting = "AzureOpenAI:Endpoint";

    /// <summary>The setting with more deployments that calls may name, with commas between them.</summary>
    public const string DeploymentsSetting = "AzureOpenAI:Deployments";

    private const string ApiPath = "/openai/v1";
    private const string Scope = "https://ai.azure.com/.default";

    /// <summary>The options of the models: those of the environment, with Azure OpenAI's endpoint where it is set. The tiers' names are deployments then.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting does not fit.</exception>
    public static ModelOptions Read(IConfiguration configuration)
    {
        var options = ModelEnvironment.Read(name => configuration[name]);
        if (ResourcesOf(configuration) is not [var resource, ..] resources)
        {
            return options;
        }

        if (options.Endpoint is not null)
        {
            throw Invalid($"Both {ModelEnvironment.Endpoint} ('{options.Endpoint}') and {EndpointSetting} ('{resource}') are set. Set one of them.");
        }

        var others = (configuration[DeploymentsSetting] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return options with { Endpoint = new Uri(resource, ApiPath), MoreEndpoints = [.. resources.Skip(1).Select(other => new ModelEndpoint(new Uri(other, ApiPath)))], Others = [.. options.Others, .. others.Where(name => options.Others.All(known => known.Name != name)).Select(name => new ModelChoice(name, ModelPrice.Free))] };
    }

    /// <summary>Has the models called as this identity, where Azure OpenAI's endpoint is set.</summary>
    public static IServiceCollection AddAzureOpenAI(this IServiceCollection services, IConfiguration configuration, TokenCredential credential) =>
        ResourcesOf(configuration).Length == 0 ? services : services.AddSingleton(Authentication(credential));

    /// <summary>Tokens of an identity, as Azure OpenAI takes them.</summary>
    internal static AuthenticationPolicy Authentication(TokenCredential credential) => new BearerTokenPolicy(credential, Scope);

    private static Uri[] ResourcesOf(IConfiguration configuration) =>
    [
        .. (configuration[EndpointSetting] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
            Uri.TryCreate(text, UriKind.Absolute, out var resource) && resource.Scheme == Uri.UriSchemeHttps
                ? resource
                : throw Invalid($"{EndpointSetting} is '{text}'. Set it to the https address of an Azure OpenAI resource, such as https://name.openai.azure.com.")),
    ];

    private static Microsoft.Extensions.Options.OptionsValidationException Invalid(string message) => new(nameof(ModelOptions), typeof(ModelOptions), [message]);
}
