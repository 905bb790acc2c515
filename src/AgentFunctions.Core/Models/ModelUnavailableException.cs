using System.Net.Http;

namespace AgentFunctions.Core.Models;

/// <summary>The provider failed, could not be reached, or sent what is no answer. Trying again may help.</summary>
public sealed class ModelUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether there was no connection, so that nothing was sent and nothing paid.</summary>
    public bool WasNeverSent
    {
        get
        {
            for (var error = InnerException; error is not null; error = error.InnerException)
            {
                if (error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }) return true;
            }

            return false;
        }
    }
}
