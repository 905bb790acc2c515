using AgentFunctions.Core;
using AgentFunctions.Local;
using AgentFunctions.Local.CommandLine;

// Orchestrators and activities of your own: AgentFunctionsCatalog.Create(catalog => catalog.AddOrchestrator(...)).
var catalog = AgentFunctionsCatalog.Create();

// A tool of your own is one line: services.AddTool(AIFunctionFactory.Create(GetWeather, "get-weather"));
var hosts = new LocalHostFactory(catalog, services => { });

return await new AgentFunctionsCommand(Terminal.ForThisProcess(), hosts, TimeProvider.System).InvokeAsync(args);
