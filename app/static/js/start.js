// Tells the style sheet that scripts run, before anything is drawn; pages work without it.
document.documentElement.classList.add("js");
