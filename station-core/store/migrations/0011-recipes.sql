-- Recipes are listed with how many orders use each, and found by name and version.
CREATE INDEX recipe_by_name ON recipe (name, version);
CREATE INDEX work_order_by_recipe ON work_order (recipe);
