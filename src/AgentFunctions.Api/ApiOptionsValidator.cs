using Microsoft.Extensions.Options;

namespace AgentFunctions.Api;

/// <summary>Refuses settings out of range, with the setting's name, its value and the range.</summary>
public sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    private const long LeastBody = 1024;
    private const long MostBody = 256L * 1024 * 1024;
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(230);
    private static readonly TimeSpan LeastKeepAlive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostKeepAlive = TimeSpan.FromMinutes(2);

    /// <summary>Checks the settings.</summary>
    /// <param name="name">Not used.</param>
    /// <param name="options">The settings.</param>
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ApiOptions options)
    {
        if (options.MaxBodyBytes is < LeastBody or > MostBody)
        {
            yield return $"{nameof(ApiOptions.MaxBodyBytes)} is {options.MaxBodyBytes}. Set it from {LeastBody} to {MostBody} bytes.";
        }

        if (options.MaxWait < TimeSpan.Zero || options.MaxWait > MostWait)
        {
            yield return $"{nameof(ApiOptions.MaxWait)} is {options.MaxWait}. Set it from 00:00:00 to {MostWait}.";
        }

        if (options.StreamKeepAlive < LeastKeepAlive || options.StreamKeepAlive > MostKeepAlive)
        {
            yield return $"{nameof(ApiOptions.StreamKeepAlive)} is {options.StreamKeepAlive}. Set it from {LeastKeepAlive} to {MostKeepAlive}.";
        }

        if (options.PublicBaseAddress is { } address && !IsBase(address))
        {
            yield return $"{nameof(ApiOptions.PublicBaseAddress)} is '{address}'. Set it to an absolute http or https address without query and fragment, such as https://agents.example.com.";
        }

        if (string.IsNullOrWhiteSpace(options.DocsAddress) || !Uri.TryCreate(options.DocsAddress, UriKind.RelativeOrAbsolute, out _))
        {
            yield return $"{nameof(ApiOptions.DocsAddress)} is '{options.DocsAddress}'. Set it to a URI reference, such as docs/http-api.md.";
        }
    }

    private static bool IsBase(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.Query.Length == 0 && address.Fragment.Length == 0;
}
