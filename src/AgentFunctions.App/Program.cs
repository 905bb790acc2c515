using AgentFunctions.App.Durable;
#if AZURE_SDKS
using AgentFunctions.App.Sdk;
#endif
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

#if AZURE_SDKS
builder.Services.AddAzureSdks(builder.Configuration);
#endif

// A tool of your own is one line: builder.Services.AddTool(AIFunctionFactory.Create(GetWeather, "get-weather"));
builder.Services.AddAgentFunctionsApp(AppServices.CreateCatalog(), builder.Configuration);

await builder.Build().RunAsync();
