using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Ungroup;
using Ungroup.Functions;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Services.AddUngroup(builder.Configuration).AddServiceBus(builder.Configuration);
builder.Build().Run();
